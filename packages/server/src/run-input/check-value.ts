import type { Json, JsonObject } from '@reeve/schemas/json'
import { addPlaceholders, lookingForPlaceholders } from './placeholder.ts'
import { bestFault } from './best-fault.ts'
import { preparedSchema } from './prepared-schema.ts'
import { FORMATS } from './schema-formats.ts'
import { faultsOf } from './schema-faults.ts'
import type { Fault } from './schema-faults.ts'

export type Checked =
  | { faults: Fault[] }
  /** The schema goes round in circles. */
  | { circular: true }
  /** Why the schema cannot be used. */
  | { unusable: string }

export const CIRCULAR = 'Invalid schema: Unable to validate schema with circular references.'

/**
 * What is wrong with a value by a JSON Schema. `interactive`: while somebody fills it in, formats are looked at, and
 * placeholders stand where there is no value yet.
 */
export async function checkValue(
  schema: JsonObject,
  value: Json,
  { interactive = false }: { interactive?: boolean } = {},
): Promise<Checked> {
  // Few need the checker, and it is slow to load.
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    logger: false,
    ...(interactive ? { formats: FORMATS } : { validateFormats: false }),
  })
  const prepared = preparedSchema(schema)
  try {
    if (!ajv.validateSchema(prepared)) {
      const fault = bestFault(faultsOf(ajv.errors ?? [], prepared))
      return { unusable: fault?.message ?? 'the schema is wrong' }
    }
    if (interactive) addPlaceholders(ajv)
    const validate = ajv.compile(interactive ? (lookingForPlaceholders(prepared) as JsonObject) : prepared)
    validate(value)
    return { faults: faultsOf(validate.errors ?? [], value) }
  } catch (error) {
    return error instanceof RangeError ? { circular: true } : { unusable: (error as Error).message }
  }
}

/** What is most wrong with the value, in words, or why it cannot be said; undefined when it fits. */
export async function complaintAbout(
  schema: JsonObject,
  value: Json,
): Promise<{ complaint: string } | { circular: true } | undefined> {
  const checked = await checkValue(schema, value)
  if ('circular' in checked) return { circular: true }
  if ('unusable' in checked) return { complaint: `The schema cannot be used: ${checked.unusable}` }
  const fault = bestFault(checked.faults)
  if (!fault) return undefined
  const field = fault.path.length === 0 ? '' : ` for field ${quoted(fieldOf(fault.path))}`
  return { complaint: `Validation failed${field}. Failure reason: ${fault.message}` }
}

const PLAIN = /^[a-zA-Z][a-zA-Z0-9_]*$/

/** `a.b[0]['other name']` */
function fieldOf(path: Fault['path']): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`
    return PLAIN.test(key) ? `.${key}` : `['${key.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}']`
  })
  const text = parts.join('')
  return text.startsWith('.') ? text.slice(1) : `$${text}`
}

const quoted = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`)
