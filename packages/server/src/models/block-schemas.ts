import type { BlockSchemaFilter } from '@reeve/schemas/filters/block-filters'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { readBlockTypesById } from './block-types.ts'
import type { BlockTypeRow } from './block-types.ts'
import { wholeFields } from './blocks/schema-fields.ts'
import { dropLostDefaultStorage } from './default-storage.ts'
import { deleteTracesOfBlocks } from './delete-traces.ts'
import { blockSchemaMatches } from './filters/block-filters.ts'
import { descending } from './run-order.ts'

/** A schema with whole fields and its type. */
export interface BlockSchemaRecord extends Row<'block_schema'> {
  block_type: BlockTypeRow
}

export async function readBlockSchema(session: Session, id: string): Promise<BlockSchemaRecord | undefined> {
  return (await readBlockSchemasById(session, [id])).get(id)
}

/** The newest of a checksum, which is of that version when one is given. */
export async function readBlockSchemaByChecksum(
  session: Session,
  checksum: string,
  version: string | undefined,
): Promise<BlockSchemaRecord | undefined> {
  const id = await schemaIdOf(session, checksum, version)
  return id === undefined ? undefined : readBlockSchema(session, id)
}

export async function schemaIdOf(
  session: Session,
  checksum: string,
  version: string | undefined,
): Promise<string | undefined> {
  let query = session.build.selectFrom('block_schema').select('id').where('checksum', '=', checksum)
  if (version !== undefined) query = query.where('version', '=', version)
  return (await session.first(query.orderBy('created', 'desc').limit(1)))?.id
}

export interface BlockSchemaQuery {
  schemas?: BlockSchemaFilter | undefined
  limit: number
  offset: number
}

/** Block schemas, the newest first. */
export async function readBlockSchemas(
  session: Session,
  { schemas, limit, offset }: BlockSchemaQuery,
): Promise<BlockSchemaRecord[]> {
  const rows = await session.all(
    session.build
      .selectFrom('block_schema')
      .select('id')
      .where(blockSchemaMatches(session, { schemas }))
      .orderBy(descending('block_schema.created', 'block_schema.id'))
      .limit(limit)
      .offset(offset),
  )
  const ids = rows.map(({ id }) => id)
  const records = await readBlockSchemasById(session, ids)
  return ids.flatMap((id) => records.get(id) ?? [])
}

export async function readBlockSchemasById(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, BlockSchemaRecord>> {
  const { rows, references } = await readReachable(session, ids)
  const types = await readBlockTypesById(session, [
    ...new Set([...rows.values()].map((row) => row.block_type_id)),
  ])
  // On PostgreSQL a type may be deleted, and its schemas with it, between the two queries.
  for (const [id, row] of rows) if (!types.has(row.block_type_id)) rows.delete(id)
  const typeOf = (row: Row<'block_schema'>) => types.get(row.block_type_id) as BlockTypeRow
  const schemas = new Map([...rows].map(([id, row]) => [id, { row, slug: typeOf(row).slug }]))
  const graph = { schemas, references }
  const records = new Map<string, BlockSchemaRecord>()
  for (const id of ids) {
    const row = rows.get(id)
    if (row) records.set(id, { ...row, fields: wholeFields(id, graph), block_type: typeOf(row) })
  }
  return records
}

type Reference = { name: string; childId: string }

/** The schemas and all that they refer to, level by level: blocks are seldom nested deeper than two. */
async function readReachable(session: Session, ids: readonly string[]) {
  const rows = new Map<string, Row<'block_schema'>>()
  const references = new Map<string, Reference[]>()
  let level: readonly string[] = ids
  while (level.length > 0) {
    const { build } = session
    const found = await session.all(
      build
        .selectFrom('block_schema')
        .selectAll()
        .where(inList(session, 'id', level)),
    )
    for (const row of found) rows.set(row.id, row)
    const links = await session.all(
      build
        .selectFrom('block_schema_reference')
        .select(['name', 'parent_block_schema_id', 'reference_block_schema_id'])
        .where(inList(session, 'parent_block_schema_id', level))
        .orderBy('created'),
    )
    for (const { name, parent_block_schema_id: parent, reference_block_schema_id: childId } of links) {
      references.set(parent, [...(references.get(parent) ?? []), { name, childId }])
    }
    level = [...new Set(links.map((link) => link.reference_block_schema_id))].filter((id) => !rows.has(id))
  }
  return { rows, references }
}

/** Deletes a schema with its blocks; one of a type of the server's own stays. */
export async function deleteBlockSchema(
  session: Session,
  id: string,
  context: ModelContext,
): Promise<'deleted' | 'protected' | 'unknown'> {
  const row = await session.first(
    session.build
      .selectFrom('block_schema')
      .innerJoin('block_type', 'block_type.id', 'block_schema.block_type_id')
      .select('is_protected')
      .where('block_schema.id', '=', id),
  )
  if (!row) return 'unknown'
  if (row.is_protected) return 'protected'
  await deleteTracesOfBlocks(session, 'block_schema_id', id, context)
  await session.run(session.build.deleteFrom('block_schema').where('id', '=', id))
  await dropLostDefaultStorage(session)
  return 'deleted'
}

/** What the schemas say that their blocks can do, each once. */
export async function readBlockCapabilities(session: Session): Promise<string[]> {
  const rows = await session.all(session.build.selectFrom('block_schema').select('capabilities').distinct())
  return [...new Set(rows.flatMap((row) => row.capabilities))].toSorted()
}

/** The paths of secrets in the data of a block. */
export function secretFieldsOf(fields: JsonObject): string[] {
  const paths = fields['secret_fields']
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
}
