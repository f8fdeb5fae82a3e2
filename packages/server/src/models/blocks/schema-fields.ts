import type { Json, JsonObject } from '@reeve/schemas/json'
import type { Row } from '../../database/tables.ts'

/** Schemas by id, and what each refers to, in the order in which it was said. */
export interface SchemaGraph {
  schemas: ReadonlyMap<string, { row: Row<'block_schema'>; slug: string }>
  references: ReadonlyMap<string, readonly { name: string; childId: string }[]>
}

/**
 * The fields of a schema as they were registered: what it refers to, and the definitions of that, are kept
 * in rows of their own and put back here.
 */
export function wholeFields(id: string, graph: SchemaGraph, path: readonly string[] = []): JsonObject {
  const schema = graph.schemas.get(id)
  if (!schema) return {}
  const references: { [name: string]: Json } = {}
  const definitions: JsonObject = { ...(schema.row.fields['definitions'] as JsonObject | undefined) }
  for (const { name, childId } of graph.references.get(id) ?? []) {
    const child = graph.schemas.get(childId)
    if (!child || path.includes(childId)) continue
    const reference = { block_schema_checksum: child.row.checksum, block_type_slug: child.slug }
    references[name] = withReference(references[name], reference)
    const { definitions: nested, ...fields } = wholeFields(childId, graph, [...path, id])
    const title = fields['title']
    if (typeof title === 'string') Object.assign(definitions, { [title]: fields }, nested)
  }
  const whole: JsonObject = { ...schema.row.fields, block_schema_references: references }
  if (Object.keys(definitions).length > 0) whole['definitions'] = definitions
  return whole
}

/** A property that may hold one of several blocks has a list of references. */
function withReference(known: Json | undefined, reference: JsonObject): Json {
  if (known === undefined) return reference
  const list = Array.isArray(known) ? known : [known]
  const repeated = list.some(
    (other) => (other as JsonObject)['block_schema_checksum'] === reference['block_schema_checksum'],
  )
  return repeated ? known : [...list, reference]
}
