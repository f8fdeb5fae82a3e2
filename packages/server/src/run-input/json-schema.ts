import type { Json, JsonObject } from '@reeve/schemas/json'

/** Why the value does not fit the JSON Schema, or undefined when it does; a faulty schema is a reason too. */
export async function schemaComplaint(schema: JsonObject, value: Json): Promise<string | undefined> {
  // Only those who resume with input need the validator, and it is slow to load.
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false })
  try {
    const validate = ajv.compile(acceptingAbsent(schema))
    if (validate(value)) return undefined
    return (validate.errors ?? [])
      .map(
        ({ instancePath, message }) => `${instancePath === '' ? 'input' : instancePath.slice(1)} ${message}`,
      )
      .join('; ')
  } catch (error) {
    return `The schema cannot be used: ${(error as Error).message}`
  }
}

/** A property that is not required and has no default may be null as well. */
export function acceptingAbsent(schema: JsonObject): JsonObject {
  const properties = schema['properties']
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return schema
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const relaxed = Object.entries(properties).map(([name, property]) => {
    const optional =
      !required.has(name) && isObject(property) && 'type' in property && !('default' in property)
    return [name, optional ? { anyOf: [property, { type: 'null' }] } : property]
  })
  return { ...schema, properties: Object.fromEntries(relaxed) as JsonObject }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
