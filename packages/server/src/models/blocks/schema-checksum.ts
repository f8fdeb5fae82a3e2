import { createHash } from 'node:crypto'
import { isObject } from './exact-json.ts'
import type { ExactJson, ExactObject } from './exact-json.ts'
import { pythonJson } from './python-json.ts'

/**
 * The identity of a block schema, which clients take over the same fields before they ask for it: a digest
 * of the fields without secrets' paths and without definitions that are blocks of their own.
 */
export function schemaChecksum(fields: ExactObject): string {
  const { definitions: given, ...bare } = withoutSecretFields(fields)
  const definitions = plainDefinitions(given === undefined ? bare : { ...bare, definitions: given }, given)
  const hashed = Object.keys(definitions).length > 0 ? { ...bare, definitions } : bare
  return `sha256:${createHash('sha256')
    .update(pythonJson([[hashed], {}]))
    .digest('hex')}`
}

function withoutSecretFields(object: ExactObject): ExactObject {
  const kept = Object.entries(object).filter(([key]) => key !== 'secret_fields')
  return Object.fromEntries(
    kept.map(([key, value]) => [key, isObject(value) ? withoutSecretFields(value) : value]),
  )
}

/** The definitions that a value needs, one way or another, and that are not blocks. */
export function plainDefinitions(value: ExactJson, definitions: ExactJson | undefined): ExactObject {
  const found: ExactObject = {}
  if (!isObject(definitions)) return found
  const collect = (from: ExactJson) => {
    for (const name of definitionsNamedIn(from)) {
      const definition = definitions[name]
      if (name in found || !isObject(definition) || Object.keys(definition).length === 0) continue
      if (definition['block_type_slug'] !== undefined && definition['block_type_slug'] !== null) continue
      found[name] = definition
      collect(definition)
    }
  }
  collect(value)
  return found
}

/** The definitions that a value points at itself, in the order in which it does. */
export function definitionsNamedIn(value: ExactJson): string[] {
  if (Array.isArray(value)) return value.flatMap(definitionsNamedIn)
  if (!isObject(value)) return []
  const { $ref: reference } = value
  const own = typeof reference === 'string' ? [reference.replace('#/definitions/', '')] : []
  return [...own, ...Object.values(value).flatMap(definitionsNamedIn)]
}
