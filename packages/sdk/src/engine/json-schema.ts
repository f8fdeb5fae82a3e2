import type { JsonObject } from '@reeve/schemas/json'
import type { StandardSchema } from './standard-schema.ts'

interface JsonSchemaSource {
  input(options: { target: string }): unknown
}

/**
 * The JSON Schema of what the schema takes, for libraries that can tell (Standard JSON Schema); otherwise one
 * that allows any object. The server and its forms need an object: anything else is asked for as `value`.
 */
export function objectSchema(schema: StandardSchema): { schema: JsonObject; wrapped: boolean } {
  const known = jsonSchema(schema)
  if (!known) return { schema: { type: 'object', additionalProperties: true }, wrapped: false }
  if (known.type === 'object') return { schema: known, wrapped: false }
  return { schema: { type: 'object', properties: { value: known }, required: ['value'] }, wrapped: true }
}

function jsonSchema(schema: StandardSchema): JsonObject | undefined {
  const source = (schema['~standard'] as { jsonSchema?: JsonSchemaSource }).jsonSchema
  try {
    return source?.input({ target: 'draft-2020-12' }) as JsonObject | undefined
  } catch {
    // Libraries refuse what JSON Schema has no words for, such as dates.
    return undefined
  }
}
