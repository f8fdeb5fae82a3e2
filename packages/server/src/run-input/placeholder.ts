import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { Json, JsonObject } from '@reeve/schemas/json'

/** Stands where no value is known: a template that is rendered later, or, with a message, what is broken. */
export class Placeholder {
  readonly message: string | undefined

  constructor(message?: string) {
    this.message = message
  }
}

/** A keyword that no schema has of its own. */
export const PLACEHOLDER = '_placeholder'

const ONE = ['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'propertyNames']
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const NAMED = ['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas']

/** Lets a checker tell of broken placeholders wherever a schema looks at one. */
export function addPlaceholders(ajv: Ajv2020): void {
  ajv.addKeyword({
    keyword: PLACEHOLDER,
    validate: (_schema: unknown, value: unknown) =>
      !(value instanceof Placeholder && value.message !== undefined),
  })
}

/** The schema with the keyword in each of its parts. */
export function lookingForPlaceholders(schema: Json | undefined): Json {
  if (!isObject(schema)) return schema ?? null
  const marked: JsonObject = { ...schema, [PLACEHOLDER]: true }
  for (const key of ONE) if (isObject(schema[key])) marked[key] = lookingForPlaceholders(schema[key])
  for (const key of LISTS) {
    const parts = schema[key]
    if (Array.isArray(parts)) marked[key] = parts.map(lookingForPlaceholders)
  }
  for (const key of NAMED) {
    const parts = schema[key]
    if (!isObject(parts)) continue
    const entries = Object.entries(parts).map(([name, part]) => [name, lookingForPlaceholders(part)])
    marked[key] = Object.fromEntries(entries) as JsonObject
  }
  return marked
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
