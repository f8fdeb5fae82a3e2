import { sql } from 'kysely'
import type { StateType } from '@reeve/schemas/state-type'
import { NEVER } from './condition.ts'
import type { Condition } from './condition.ts'
import type { Field } from './filter.ts'

interface StateTypeCriterion {
  any_?: readonly StateType[] | null | undefined
  not_any_?: readonly StateType[] | null | undefined
}

/** A field that is a state type: written into the statement, so that the planner knows how rare it is. */
export function stateType(name: string): Field<StateTypeCriterion> {
  return (_session, { any_, not_any_ }) => {
    const conditions: Condition[] = []
    if (any_) conditions.push(any_.length === 0 ? NEVER : sql`${sql.ref(name)} in ${literals(any_)}`)
    if (not_any_?.length) conditions.push(sql`${sql.ref(name)} not in ${literals(not_any_)}`)
    return conditions
  }
}

function literals(types: readonly StateType[]) {
  const sorted = [...new Set(types)].sort()
  return sql`(${sql.join(sorted.map((type) => sql.lit(type)))})`
}
