import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import { schemaIdOf } from './block-schemas.ts'
import { readBlockType } from './block-types.ts'
import { isObject } from './blocks/exact-json.ts'
import type { ExactJson, ExactObject } from './blocks/exact-json.ts'
import { definitionsNamedIn, plainDefinitions, schemaChecksum } from './blocks/schema-checksum.ts'

export interface BlockSchemaCreation {
  /** Numbers as they were spelled: the checksum depends on it. */
  fields: ExactObject
  block_type_id: string
  capabilities: string[]
  version: string
}

export type SchemaProblem =
  | { outcome: 'unknown type' }
  /** A type that the fields refer to is not registered. */
  | { outcome: 'unregistered'; slug: string }
  /** A schema that the fields refer to is neither stored nor defined in them. */
  | { outcome: 'undefined'; slug: string }

export type SchemaCreated = SchemaProblem | { outcome: 'created' | 'existing'; id: string }

/** A schema to be stored, with those it refers to: stored ones as ids. */
interface Plan extends BlockSchemaCreation {
  checksum: string
  existing: string | undefined
  links: { name: string; child: Plan | string }[]
}

const CHILD_VERSION = 'non-versioned'

/** Registers a schema and those nested in it, or finds the one that has its checksum and version. */
export async function createBlockSchema(
  session: Session,
  schema: BlockSchemaCreation,
  context: ModelContext,
): Promise<SchemaCreated> {
  if (!(await readBlockType(session, { id: schema.block_type_id }))) return { outcome: 'unknown type' }
  const plan = await planSchema(session, schema, schema.fields['definitions'], [])
  if ('outcome' in plan) return plan
  if (plan.existing !== undefined) return { outcome: 'existing', id: plan.existing }
  return { outcome: 'created', id: await store(session, plan, context) }
}

/** Only reads, so that a problem deep down leaves nothing behind. */
async function planSchema(
  session: Session,
  schema: BlockSchemaCreation,
  definitions: ExactJson | undefined,
  path: readonly ExactJson[],
): Promise<Plan | SchemaProblem> {
  const { definitions: _, block_schema_references: references, ...bare } = schema.fields
  const fields = definitions === undefined ? schema.fields : { ...schema.fields, definitions }
  const checksum = schemaChecksum(fields)
  const existing = await schemaIdOf(session, checksum, schema.version)
  const kept = plainDefinitions(fields, definitions)
  const stored = Object.keys(kept).length > 0 ? { ...bare, definitions: kept } : bare
  const plan: Plan = { ...schema, fields: stored, checksum, existing, links: [] }
  if (existing !== undefined) return plan
  for (const { name, slug, checksum: wanted } of referencesIn(references)) {
    const type = await readBlockType(session, { slug })
    if (!type) return { outcome: 'unregistered', slug }
    const known = await schemaIdOf(session, wanted, undefined)
    const definition = known === undefined ? definitionFor(schema.fields, name, slug, definitions) : undefined
    if (known !== undefined) plan.links.push({ name, child: known })
    else if (!definition || path.includes(definition)) return { outcome: 'undefined', slug }
    else {
      const nested = { fields: definition, block_type_id: type.id, capabilities: [], version: CHILD_VERSION }
      const child = await planSchema(session, nested, definitions, [...path, definition])
      if ('outcome' in child) return child
      plan.links.push({ name, child })
    }
  }
  return plan
}

/** Each property that holds a block, with the type and schema of it, or of each that it may be. */
function referencesIn(references: ExactJson | undefined) {
  if (!isObject(references)) return []
  return Object.entries(references).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((reference) => {
      if (!isObject(reference)) return []
      const { block_type_slug: slug, block_schema_checksum: checksum } = reference
      return typeof slug === 'string' && typeof checksum === 'string' ? [{ name, slug, checksum }] : []
    }),
  )
}

function definitionFor(
  fields: ExactObject,
  property: string,
  slug: string,
  definitions: ExactJson | undefined,
): ExactObject | undefined {
  const { properties } = fields
  if (!isObject(properties) || !isObject(definitions)) return undefined
  const named = definitionsNamedIn(properties[property] ?? null).map((name) => definitions[name])
  const objects = named.filter(isObject)
  return objects.length === 1
    ? objects[0]
    : objects.find((definition) => definition['block_type_slug'] === slug)
}

async function store(session: Session, plan: Plan, context: ModelContext): Promise<string> {
  if (plan.existing !== undefined) return plan.existing
  const now = context.clock.now()
  const id = context.ids.random()
  const { checksum, fields, capabilities, block_type_id, version } = plan
  const stored = fields as { [key: string]: unknown } as JsonObject
  const row = {
    id,
    created: now,
    updated: now,
    checksum,
    fields: stored,
    capabilities,
    block_type_id,
    version,
  }
  const inserted = await insertRows(session, 'block_schema', [row], 'ignore')
  if (inserted.size === 0) return (await schemaIdOf(session, checksum, version)) ?? id
  for (const { name, child } of plan.links) {
    const childId = typeof child === 'string' ? child : await store(session, child, context)
    const time = context.clock.now()
    const link = { parent_block_schema_id: id, reference_block_schema_id: childId, name }
    const reference = { id: context.ids.random(), created: time, updated: time, ...link }
    await insertRows(session, 'block_schema_reference', [reference])
  }
  return id
}
