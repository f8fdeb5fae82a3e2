import type { Operator } from '@reeve/schemas/filters/operators'
import type { Session } from '../../database/session.ts'
import { join } from './condition.ts'
import type { Condition } from './condition.ts'

/**
 * What one key of a filter asks of a row: a condition for each operator that was given. None is given by an
 * operator that is null, or by a list that leaves everything in.
 */
export type Field<Criterion> = (
  session: Session,
  criterion: Criterion,
  /** How the filter joins its fields. */
  operator: Operator,
) => readonly Condition[]

type Fields<Criteria> = {
  readonly [Key in Exclude<keyof Criteria, 'operator'>]-?: Field<NonNullable<Criteria[Key]>>
}

interface Operated {
  operator?: Operator
}

/** A filter of a noun, as a condition on the table that has the noun's name. */
export type Filter<Criteria> = (session: Session, criteria: Criteria) => Condition

/** A filter from its fields: a key that is present but asks nothing is true, which matters under `or_`. */
export function filter<Criteria extends object>(fields: Fields<Criteria>): Filter<Criteria> {
  return (session, criteria) => {
    const operator = operatorOf(criteria)
    const members = given(fields, criteria).map(([field, criterion]) =>
      join(operatorOf(criterion), field(session, criterion, operator)),
    )
    return join(operator, members)
  }
}

/** A key whose value has keys of its own; those which ask nothing do not count, not even as true. */
export function group<Criteria extends object>(fields: Fields<Criteria>): Field<Criteria> {
  return (session, criteria, operator) =>
    given(fields, criteria).flatMap(([field, criterion]) => {
      const conditions = field(session, criterion, operator)
      return conditions.length === 0 ? [] : [join(operatorOf(criterion), conditions)]
    })
}

function given<Criteria extends object>(fields: Fields<Criteria>, criteria: Criteria) {
  const found: [Field<unknown>, unknown][] = []
  for (const [key, field] of Object.entries(fields)) {
    const criterion = criteria[key as keyof Criteria]
    if (criterion !== null && criterion !== undefined) found.push([field as Field<unknown>, criterion])
  }
  return found
}

function operatorOf(criteria: unknown): Operator {
  return (criteria as Operated).operator ?? 'and_'
}
