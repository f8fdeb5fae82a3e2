import type { BlockTypeCreate, BlockTypeUpdate } from '@reeve/schemas/block-type'
import type { BlockSchemaFilter, BlockTypeFilter } from '@reeve/schemas/filters/block-filters'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { dropLostDefaultStorage } from './default-storage.ts'
import { deleteTracesOfBlocks } from './delete-traces.ts'
import { blockTypeMatches } from './filters/block-filters.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'
import { ascending } from './run-order.ts'

export type BlockTypeRow = Row<'block_type'>
export type BlockTypeKey = { id: string } | { slug: string }

/** undefined when the slug is taken. */
export async function createBlockType(
  session: Session,
  type: BlockTypeCreate & { is_protected?: boolean },
  context: ModelContext,
): Promise<BlockTypeRow | undefined> {
  const now = context.clock.now()
  const row = { is_protected: false, ...escaped(type), id: context.ids.random(), created: now, updated: now }
  const inserted = await insertRows(session, 'block_type', [row], 'ignore')
  if (inserted.size === 0) return undefined
  await tell(session, 'created', row, context)
  return row
}

/** Texts that pages show are made ready for HTML, as clients expect; not those that a type is updated with. */
function escaped<Texts extends BlockTypeUpdate>(texts: Texts): Texts {
  const { description, code_example } = texts
  return {
    ...texts,
    ...(description && { description: escapeHtml(description) }),
    ...(code_example && { code_example: escapeHtml(code_example) }),
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

export async function readBlockType(session: Session, key: BlockTypeKey): Promise<BlockTypeRow | undefined> {
  const query = session.build.selectFrom('block_type').selectAll()
  return session.first('id' in key ? query.where('id', '=', key.id) : query.where('slug', '=', key.slug))
}

export async function readBlockTypesById(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, BlockTypeRow>> {
  const query = session.build
    .selectFrom('block_type')
    .selectAll()
    .where(inList(session, 'id', ids))
  return new Map((await session.all(query)).map((type) => [type.id, type]))
}

export interface BlockTypeQuery {
  types?: BlockTypeFilter | undefined
  schemas?: BlockSchemaFilter | undefined
  limit: number
  offset: number
}

/** Block types by name; with `schemas`, those that have a schema which meets it. */
export async function readBlockTypes(
  session: Session,
  { limit, offset, ...filters }: BlockTypeQuery,
): Promise<BlockTypeRow[]> {
  return session.all(
    session.build
      .selectFrom('block_type')
      .selectAll()
      .where(blockTypeMatches(session, filters))
      .orderBy(ascending('block_type.name', 'block_type.id'))
      .limit(limit)
      .offset(offset),
  )
}

/** Sets the fields that are present; nothing is written when all read the same. False: no such type. */
export async function updateBlockType(
  session: Session,
  id: string,
  patch: BlockTypeUpdate,
  context: ModelContext,
): Promise<boolean> {
  const row = await readBlockType(session, { id })
  if (!row) return false
  const read = (text: unknown) => (typeof text === 'string' ? unescapeHtml(text) : text)
  const differs = Object.entries(patch).some(
    ([name, value]) => read(row[name as keyof BlockTypeUpdate]) !== read(value),
  )
  if (!differs) return true
  const updated = { ...row, ...(patch as Partial<BlockTypeRow>), updated: context.clock.now() }
  await session.run(session.build.updateTable('block_type').set(updated).where('id', '=', id))
  await tell(session, 'updated', updated, context)
  return true
}

/** Deletes a type with its schemas and blocks; a type of the server's own stays. */
export async function deleteBlockType(
  session: Session,
  id: string,
  context: ModelContext,
): Promise<'deleted' | 'protected' | 'unknown'> {
  const row = await readBlockType(session, { id })
  if (!row) return 'unknown'
  if (row.is_protected) return 'protected'
  await deleteTracesOfBlocks(session, 'block_type_id', id, context)
  await session.run(session.build.deleteFrom('block_type').where('id', '=', id))
  await dropLostDefaultStorage(session)
  await tell(session, 'deleted', row, context)
  return 'deleted'
}

async function tell(
  session: Session,
  action: LifecycleAction,
  { id, created: _, updated: __, ...payload }: BlockTypeRow,
  context: ModelContext,
): Promise<void> {
  const lifecycle = { kind: 'block-type' as const, action, id, name: payload.name, payload }
  await tellLifecycle(session, lifecycle, context)
}
