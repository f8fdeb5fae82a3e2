import type { JsonObject } from '@reeve/schemas/json'
import { isObject, parseExact, toExact } from '../../models/blocks/exact-json.ts'
import type { ExactObject } from '../../models/blocks/exact-json.ts'

/**
 * The fields of a request with their numbers as they were spelled. A body that only a lenient reader takes
 * has no spelling to keep.
 */
export function exactFields(rawBody: string, fields: JsonObject): ExactObject {
  try {
    const body = parseExact(rawBody)
    const exact = isObject(body) ? body['fields'] : undefined
    if (isObject(exact)) return exact
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return toExact(fields) as ExactObject
}
