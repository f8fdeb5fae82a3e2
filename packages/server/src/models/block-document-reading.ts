import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { readBlockSchemasById, secretFieldsOf } from './block-schemas.ts'
import type { BlockSchemaRecord } from './block-schemas.ts'
import { readBlockTypesById } from './block-types.ts'
import type { BlockTypeRow } from './block-types.ts'
import { withoutSecrets } from './blocks/secrets.ts'

type StoredDocument = Row<'block_document'>

/** Which block stands for a value, and those which stand for values of that. */
export interface BlockReference {
  id: string
  name: string
  is_anonymous: boolean
  block_type: BlockTypeRow
  references: { [key: string]: BlockReference }
}

/** A block with the data of the blocks it refers to in place. */
export interface BlockDocumentRecord extends Omit<StoredDocument, 'sealed'> {
  data: JsonObject
  block_type: BlockTypeRow
  block_schema: BlockSchemaRecord
  references: { [key: string]: BlockReference }
}

/** Blocks nested deeper than this are left out. */
const DEEPEST = 50

export async function readWholeDocuments(
  session: Session,
  ids: readonly string[],
  { includeSecrets }: { includeSecrets: boolean },
  context: ModelContext,
): Promise<Map<string, BlockDocumentRecord>> {
  const { documents, children } = await readReachable(session, ids)
  const all = [...documents.values()]
  const schemas = await readBlockSchemasById(session, unique(all.map((row) => row.block_schema_id)))
  const types = await readBlockTypesById(session, unique(all.map((row) => row.block_type_id)))

  const assemble = (row: StoredDocument, depth: number): BlockDocumentRecord => {
    const { sealed, ...document } = row
    const block_schema = schemas.get(row.block_schema_id) as BlockSchemaRecord
    const record: BlockDocumentRecord = {
      ...document,
      data: JSON.parse(context.sealer.open(sealed, row.id)) as JsonObject,
      block_type: types.get(row.block_type_id) as BlockTypeRow,
      block_schema,
      references: {},
    }
    for (const [key, childId] of depth < DEEPEST ? (children.get(row.id) ?? []) : []) {
      const child = assemble(documents.get(childId) as StoredDocument, depth + 1)
      const { id, name, is_anonymous, block_type, references } = child
      record.data[key] = child.data
      record.references[key] = { id, name, is_anonymous, block_type, references }
    }
    if (!includeSecrets) record.data = withoutSecrets(record.data, secretFieldsOf(block_schema.fields))
    return record
  }

  const wanted = ids.flatMap((id) => documents.get(id) ?? [])
  return new Map(wanted.map((row) => [row.id, assemble(row, 0)]))
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}

/** The blocks and all that they refer to, level by level. */
async function readReachable(session: Session, ids: readonly string[]) {
  const documents = new Map<string, StoredDocument>()
  const children = new Map<string, [key: string, id: string][]>()
  let level = ids
  while (level.length > 0) {
    const { build } = session
    const rows = await session.all(
      build
        .selectFrom('block_document')
        .selectAll()
        .where(inList(session, 'id', level)),
    )
    for (const row of rows) documents.set(row.id, row)
    const links = await readReferences(session, level)
    for (const { name, parent, child } of links)
      children.set(parent, [...(children.get(parent) ?? []), [name, child]])
    level = unique(links.map(({ child }) => child)).filter((id) => !documents.has(id))
  }
  return { documents, children }
}

export interface DocumentLink {
  id: string
  name: string
  parent: string
  child: string
}

/** What blocks refer to themselves. */
export async function readReferences(session: Session, parents: readonly string[]): Promise<DocumentLink[]> {
  const rows = await session.all(
    session.build
      .selectFrom('block_document_reference')
      .select(['id', 'name', 'parent_block_document_id', 'reference_block_document_id'])
      .where(inList(session, 'parent_block_document_id', parents))
      .orderBy('created'),
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    parent: row.parent_block_document_id,
    child: row.reference_block_document_id,
  }))
}
