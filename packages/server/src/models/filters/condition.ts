import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Operator } from '@reeve/schemas/filters/operators'

/** A part of a WHERE clause. */
export type Condition = Expression<SqlBool>

export const ALWAYS: Condition = sql<SqlBool>`1 = 1`
export const NEVER: Condition = sql<SqlBool>`1 = 0`

/** Joins conditions; none at all holds for every row, whatever the operator. */
export function join(operator: Operator, conditions: readonly Condition[]): Condition {
  const [first, ...rest] = conditions
  if (!first) return ALWAYS
  if (rest.length === 0) return first
  const separator = operator === 'or_' ? sql` or ` : sql` and `
  return sql<SqlBool>`(${sql.join(conditions, separator)})`
}

export function every(conditions: readonly Condition[]): Condition {
  return join('and_', conditions)
}

/** Asks for a related row (true), for none (false), or nothing. */
export function related(wanted: boolean | null | undefined, subquery: Expression<unknown>): Condition[] {
  if (wanted === null || wanted === undefined) return []
  return [wanted ? sql`exists (${subquery})` : sql`not exists (${subquery})`]
}

export function not(condition: Condition): Condition {
  return sql<SqlBool>`not (${condition})`
}
