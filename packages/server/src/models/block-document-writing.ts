import type { BlockDocumentCreate, BlockDocumentUpdate } from '@reeve/schemas/block-document'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import { tellBlockDocument } from './block-document-events.ts'
import { readReferences, readWholeDocuments } from './block-document-reading.ts'
import type { BlockDocumentRecord } from './block-document-reading.ts'
import { readBlockSchemasById, secretFieldsOf } from './block-schemas.ts'
import { splitReferences } from './blocks/document-references.ts'
import { withStoredSecrets } from './blocks/secrets.ts'

export type WriteProblem =
  | { outcome: 'taken' }
  | { outcome: 'unknown' }
  /** The value of this key refers to a block but does not say to which. */
  | { outcome: 'broken reference'; key: string }
  /** The value of this key refers to a block that is not there. */
  | { outcome: 'lost reference'; key: string }
  | { outcome: 'circular' }
  | { outcome: 'other type' }

/** Stores a block; its schema and type must be there, or the database refuses. */
export async function createBlockDocument(
  session: Session,
  block: BlockDocumentCreate,
  context: ModelContext,
): Promise<WriteProblem | { outcome: 'created'; record: BlockDocumentRecord }> {
  const { own, references, broken } = splitReferences(block.data)
  const problem = await referenceProblem(session, references, broken)
  if (problem) return problem
  const now = context.clock.now()
  const id = context.ids.random()
  const { block_schema_id, block_type_id, is_anonymous } = block
  const name = block.name || `anonymous-${context.ids.random()}`
  const sealed = context.sealer.seal(JSON.stringify(own), id)
  const row = { id, created: now, updated: now, name, sealed, is_anonymous, block_type_id, block_schema_id }
  const inserted = await insertRows(session, 'block_document', [row], 'ignore')
  if (inserted.size === 0) return { outcome: 'taken' }
  await setReferences(session, id, references, context)
  const record = await readHidden(session, id, context)
  await tellBlockDocument(session, 'created', record, context)
  return { outcome: 'created', record }
}

/** Changes the data of a block, and its schema to another one of its type. */
export async function updateBlockDocument(
  session: Session,
  id: string,
  { data, block_schema_id: schemaId, merge_existing_data: merge }: BlockDocumentUpdate,
  context: ModelContext,
): Promise<WriteProblem | { outcome: 'updated' }> {
  const query = session.build.selectFrom('block_document').selectAll().where('id', '=', id)
  const row = await session.first(lockRows(session, query))
  if (!row) return { outcome: 'unknown' }
  if (data === undefined) return { outcome: 'updated' }
  const newSchemaId = schemaId ?? row.block_schema_id
  const schemas = await readBlockSchemasById(session, [row.block_schema_id, newSchemaId])
  if (schemas.get(newSchemaId)?.block_type_id !== row.block_type_id && newSchemaId !== row.block_schema_id) {
    return { outcome: 'other type' }
  }
  const { own, references, broken } = splitReferences(data)
  const problem = await referenceProblem(session, references, broken)
  if (problem) return problem
  if (await leadsTo(session, Object.values(references), id)) return { outcome: 'circular' }

  const stored = JSON.parse(context.sealer.open(row.sealed, id)) as JsonObject
  const secrets = [...schemas.values()].flatMap((schema) => secretFieldsOf(schema.fields))
  const kept = withStoredSecrets(own, secrets, stored)
  const whole = merge ? { ...without(stored, Object.keys(references)), ...kept } : kept
  const sealed = context.sealer.seal(JSON.stringify(whole), id)
  const set = { sealed, block_schema_id: newSchemaId, updated: context.clock.now() }
  await session.run(session.build.updateTable('block_document').set(set).where('id', '=', id))
  await setReferences(session, id, references, context)
  await tellBlockDocument(session, 'updated', await readHidden(session, id, context), context)
  return { outcome: 'updated' }
}

function without(data: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)))
}

async function readHidden(session: Session, id: string, context: ModelContext): Promise<BlockDocumentRecord> {
  const records = await readWholeDocuments(session, [id], { includeSecrets: false }, context)
  return records.get(id) as BlockDocumentRecord
}

async function referenceProblem(
  session: Session,
  references: { [key: string]: string },
  [broken]: readonly string[],
): Promise<WriteProblem | undefined> {
  if (broken !== undefined) return { outcome: 'broken reference', key: broken }
  const ids = Object.values(references)
  if (ids.length === 0) return undefined
  const query = session.build
    .selectFrom('block_document')
    .select('id')
    .where(inList(session, 'id', ids))
  const known = new Set((await session.all(query)).map((row) => row.id))
  const lost = Object.keys(references).find((key) => !known.has(references[key] as string))
  return lost === undefined ? undefined : { outcome: 'lost reference', key: lost }
}

/** Whether one of the blocks is the wanted one, or refers to it one way or another. */
async function leadsTo(session: Session, ids: readonly string[], wanted: string): Promise<boolean> {
  const seen = new Set<string>()
  let level = ids
  while (level.length > 0) {
    if (level.includes(wanted)) return true
    for (const id of level) seen.add(id)
    const links = await readReferences(session, level)
    level = [...new Set(links.map((link) => link.child))].filter((id) => !seen.has(id))
  }
  return false
}

/** Makes these the only references of a block. */
async function setReferences(
  session: Session,
  id: string,
  references: { [key: string]: string },
  context: ModelContext,
): Promise<void> {
  const links = await readReferences(session, [id])
  const lost = links.filter(({ name, child }) => references[name] !== child).map((link) => link.id)
  if (lost.length > 0) {
    const { build } = session
    await session.run(build.deleteFrom('block_document_reference').where(inList(session, 'id', lost)))
  }
  const known = new Set(links.filter((link) => !lost.includes(link.id)).map(({ name }) => name))
  const fresh = Object.entries(references).filter(([name]) => !known.has(name))
  const rows = fresh.map(([name, child]) => {
    const now = context.clock.now()
    const link = { name, parent_block_document_id: id, reference_block_document_id: child }
    return { id: context.ids.random(), created: now, updated: now, ...link }
  })
  await insertRows(session, 'block_document_reference', rows)
}
