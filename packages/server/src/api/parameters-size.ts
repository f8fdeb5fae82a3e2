import type { JsonObject } from '@reeve/schemas/json'
import { invalidValue } from './errors.ts'
import type { Answer } from './answer.ts'

/** Bytes of the compact JSON text in which what is not ASCII is escaped. */
function escapedBytes(value: unknown): number {
  const text = JSON.stringify(value)
  let bytes = text.length
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) bytes += 5
  return bytes
}

/** The refusal of parameters that are too large, or undefined; a bound of 0 lifts it. */
export function parametersTooLarge(parameters: JsonObject, most: number, body: unknown): Answer | undefined {
  if (most === 0) return undefined
  const bytes = escapedBytes(parameters)
  if (bytes <= most) return undefined
  return invalidValue(
    ['body', 'parameters'],
    `Flow run parameters are ${bytes} bytes; the maximum is ${most}.`,
    body,
  )
}
