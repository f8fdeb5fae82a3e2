import type { Json, JsonObject } from '@reeve/schemas/json'

/**
 * The schema as values are checked by it: what clients on pydantic 1 write for what may be left out and for tuples
 * is put as JSON Schema has it, and a block may stand for itself by its id.
 */
export function preparedSchema(schema: JsonObject): JsonObject {
  // Other drafts are read as this one.
  const { $schema: _draft, ...prepared } = withProperties(schema)
  const definitions = prepared['definitions']
  if (!isObject(definitions)) return prepared
  const entries = Object.entries(definitions).map(([name, definition]): [string, Json] => {
    if (!isObject(definition)) return [name, definition]
    const whole = withProperties(definition)
    return [name, 'block_type_slug' in whole ? { oneOf: [whole, BLOCK_BY_ID] } : whole]
  })
  return { ...prepared, definitions: Object.fromEntries(entries) }
}

const BLOCK_BY_ID: JsonObject = {
  type: 'object',
  properties: {
    $ref: {
      oneOf: [
        { type: 'string', format: 'uuid' },
        { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 },
      ],
    },
  },
  required: ['$ref'],
}

function withProperties(schema: JsonObject): JsonObject {
  const { properties, required } = schema
  if (!isObject(properties)) return schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const entries = Object.entries(properties).map(([name, property]): [string, Json] => [
    name,
    isObject(property) ? withProperties(tupleItems(orNull(property, needed.has(name)))) : property,
  ])
  return { ...schema, properties: Object.fromEntries(entries) }
}

/** What is not required and has no default may be null as well. */
function orNull(property: JsonObject, required: boolean): JsonObject {
  const { type, ...others } = property
  if (required || type === undefined || type === 'null' || 'default' in property) return property
  return { ...others, anyOf: [{ type }, { type: 'null' }] }
}

function tupleItems(property: JsonObject): JsonObject {
  const { items, ...others } = property
  if (!Array.isArray(items) || items.length === 0 || property['prefixItems']) return property
  return { ...others, prefixItems: items }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
