import type { BlockDocumentSort } from '@reeve/schemas/sorts'
import { sql } from 'kysely'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { readWholeDocuments } from './block-document-reading.ts'
import type { BlockDocumentRecord } from './block-document-reading.ts'
import { tellBlockDocument } from './block-document-events.ts'
import { countRows } from './count-rows.ts'
import { dropLostDefaultStorage } from './default-storage.ts'
import { deleteTracesOfBlocks } from './delete-traces.ts'
import { blockDocumentMatches } from './filters/block-filters.ts'
import type { BlockFilters } from './filters/block-filters.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

/** Whether secrets come as they are; otherwise they are hidden. */
export interface Visibility {
  includeSecrets: boolean
}

export type BlockDocumentKey = { id: string } | { slug: string; name: string }

export async function readBlockDocument(
  session: Session,
  key: BlockDocumentKey,
  visibility: Visibility,
  context: ModelContext,
): Promise<BlockDocumentRecord | undefined> {
  const id = 'id' in key ? key.id : await idOf(session, key)
  if (id === undefined) return undefined
  return (await readWholeDocuments(session, [id], visibility, context)).get(id)
}

async function idOf(session: Session, key: { slug: string; name: string }): Promise<string | undefined> {
  const row = await session.first(
    session.build
      .selectFrom('block_document')
      .innerJoin('block_type', 'block_type.id', 'block_document.block_type_id')
      .select('block_document.id')
      .where('block_type.slug', '=', key.slug)
      .where('block_document.name', '=', key.name),
  )
  return row?.id
}

const BY_NAME = ascending('block_document.name', 'block_document.id')

const ORDERS: { [Sort in BlockDocumentSort]: Order } = {
  NAME_ASC: BY_NAME,
  NAME_DESC: descending('block_document.name', 'block_document.id'),
  BLOCK_TYPE_AND_NAME_ASC: sql`${ascending('block_type.name', 'block_type.id')}, ${BY_NAME}`,
}

export interface BlockDocumentQuery extends BlockFilters, Visibility {
  sort: BlockDocumentSort
  limit: number
  offset: number
}

export async function readBlockDocuments(
  session: Session,
  { sort, limit, offset, includeSecrets, ...filters }: BlockDocumentQuery,
  context: ModelContext,
): Promise<BlockDocumentRecord[]> {
  const rows = await session.all(
    session.build
      .selectFrom('block_document')
      .innerJoin('block_type', 'block_type.id', 'block_document.block_type_id')
      .select('block_document.id')
      .where(blockDocumentMatches(session, filters))
      .orderBy(ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
  const ids = rows.map(({ id }) => id)
  const records = await readWholeDocuments(session, ids, { includeSecrets }, context)
  return ids.flatMap((id) => records.get(id) ?? [])
}

export async function countBlockDocuments(session: Session, filters: BlockFilters): Promise<number> {
  return countRows(session, 'block_document', blockDocumentMatches(session, filters))
}

/** False when there is no such block. */
export async function deleteBlockDocument(
  session: Session,
  id: string,
  context: ModelContext,
): Promise<boolean> {
  const record = await readBlockDocument(session, { id }, { includeSecrets: false }, context)
  if (!record) return false
  await deleteTracesOfBlocks(session, 'id', id, context)
  await session.run(session.build.deleteFrom('block_document').where('id', '=', id))
  await dropLostDefaultStorage(session)
  await tellBlockDocument(session, 'deleted', record, context)
  return true
}
