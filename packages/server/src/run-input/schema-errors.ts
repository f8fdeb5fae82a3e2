import type { ErrorObject } from 'ajv'
import type { Json, JsonObject } from '@reeve/schemas/json'
import type { SchemaValueError } from '@reeve/schemas/ui'
import { acceptingAbsent } from './json-schema.ts'

/** One thing that is wrong, and where in the value. */
export interface Complaint {
  path: (string | number)[]
  message: string
}

/** What is wrong with values by a JSON Schema, or why the schema cannot be used. */
export async function schemaErrors(
  schema: JsonObject,
  values: Json,
): Promise<{ complaints: Complaint[] } | { fault: string }> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false })
  try {
    const validate = ajv.compile(acceptingAbsent(schema))
    validate(values)
    return { complaints: outermost(validate.errors ?? []).map((error) => complaintOf(error, values)) }
  } catch (error) {
    return error instanceof RangeError
      ? { fault: 'Invalid schema: Unable to validate schema with circular references.' }
      : { fault: `Invalid schema: ${(error as Error).message}` }
  }
}

const CHOICE = /\/(anyOf|oneOf)$/

/** Of a choice that nothing fits, one error which names every alternative. */
function outermost(errors: ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ schemaPath }) => CHOICE.test(schemaPath))
  const within = (error: ErrorObject, choice: ErrorObject) =>
    error.schemaPath.startsWith(`${choice.schemaPath}/`)
  return errors
    .filter((error) => !choices.some((choice) => within(error, choice)))
    .map((error) => {
      const alternatives = choices.includes(error) ? errors.filter((each) => within(each, error)) : []
      const messages = [...new Set(alternatives.map(({ message }) => message))]
      return messages.length === 0 ? error : { ...error, message: messages.join(' or ') }
    })
}

function complaintOf({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject, values: Json) {
  const path: (string | number)[] = []
  let value: Json | undefined = values
  for (const part of instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const key: string | number = Array.isArray(value) ? Number(name) : name
    path.push(key)
    value = (value as { [key: string | number]: Json })[key]
  }
  if (keyword === 'required') path.push((params as { missingProperty: string }).missingProperty)
  return { path, message }
}

/** Complaints nested as the value is. */
export function nestedErrors(complaints: readonly Complaint[]): SchemaValueError[] {
  const root: SchemaValueError[] = []
  for (const { path, message } of complaints) {
    let level = root
    for (const part of path) level = entryOf(level, part)
    level.push(message)
  }
  return root
}

function entryOf(level: SchemaValueError[], part: string | number): SchemaValueError[] {
  for (const entry of level) {
    if (typeof entry === 'string') continue
    if ('index' in entry ? entry.index === part : entry.property === part) return entry.errors
  }
  const errors: SchemaValueError[] = []
  level.push(typeof part === 'number' ? { index: part, errors } : { property: part, errors })
  return errors
}
