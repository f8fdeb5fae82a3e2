import { refuse } from './answer.ts'
import type { Answer } from './answer.ts'

/** The limit of a page: the default when none was given, or the contract's refusal when it is out of bounds. */
export function pageLimit(limit: number | null | undefined, most: number): number | Answer {
  if (limit === null || limit === undefined) return most
  if (limit < 0) return refuse(422, 'Invalid limit: must be greater than or equal to 0.')
  if (limit > most) return refuse(422, `Invalid limit: must be less than or equal to ${most}.`)
  return limit
}
