import { expressionBuilder, sql } from 'kysely'
import type { Expression } from 'kysely'
import { inList } from '../../database/in-list.ts'
import { containsAll, containsAny } from '../../database/json-list.ts'
import type { Session } from '../../database/session.ts'
import { likeAnyCase } from '../../database/text-search.ts'
import { NEVER, not } from './condition.ts'
import type { Condition } from './condition.ts'
import type { Field } from './filter.ts'

type Items = readonly (string | number)[] | null | undefined
type Bound = number | null | undefined
type Flag = boolean | null | undefined

/** Everything that can be asked of a plain column. A criterion's schema says which of it a field takes. */
export interface ColumnCriterion {
  any_?: Items
  not_any_?: Items
  like_?: string | null | undefined
  before_?: Bound
  after_?: Bound
  ge_?: Bound
  le_?: Bound
  eq_?: Flag
  is_null_?: Flag
}

/** A field that is a column, named `table.column`. Bounds include their value; NULL meets none of them. */
export function column(name: string): Field<ColumnCriterion> {
  return (session, criterion) => [
    ...listed(session, name, criterion),
    ...matching(session, sql.ref(name), criterion.like_),
    ...within(sql.ref(name), criterion),
    ...equal(session, name, criterion.eq_),
    ...nullness(sql.ref(name), criterion.is_null_),
  ]
}

export function listed(
  session: Session,
  name: string,
  { any_, not_any_ }: Pick<ColumnCriterion, 'any_' | 'not_any_'>,
): Condition[] {
  const conditions: Condition[] = []
  if (any_) conditions.push(oneOf(session, name, any_))
  if (not_any_?.length) conditions.push(not(inList(session, name, not_any_)))
  return conditions
}

const { eb } = expressionBuilder<{ [table: string]: { [column: string]: unknown } }, string>()

/** Equality with a single value lets an index give the order too. */
function oneOf(session: Session, name: string, items: readonly (string | number)[]): Condition {
  const [first, ...rest] = items
  if (first === undefined) return NEVER
  return rest.length === 0 ? eb(name, '=', first) : inList(session, name, items)
}

export function matching(
  session: Session,
  text: Expression<unknown>,
  like: string | null | undefined,
): Condition[] {
  return like ? [likeAnyCase(session, text, `%${like}%`)] : []
}

type Bounds = Pick<ColumnCriterion, 'before_' | 'after_' | 'ge_' | 'le_'>

export function within(value: Expression<unknown>, { before_, after_, ge_, le_ }: Bounds): Condition[] {
  const conditions: Condition[] = []
  const least = after_ ?? ge_
  const most = before_ ?? le_
  if (least !== null && least !== undefined) conditions.push(sql`${value} >= cast(${least} as bigint)`)
  if (most !== null && most !== undefined) conditions.push(sql`${value} <= cast(${most} as bigint)`)
  return conditions
}

function equal(session: Session, name: string, flag: Flag): Condition[] {
  if (flag === null || flag === undefined) return []
  const value = session.dialect === 'sqlite' ? sql.lit(Number(flag)) : sql.lit(flag)
  return [sql`${sql.ref(name)} = ${value}`]
}

export function nullness(value: Expression<unknown>, flag: Flag): Condition[] {
  if (flag === null || flag === undefined) return []
  return [flag ? sql`${value} is null` : sql`${value} is not null`]
}

export interface TagsCriterion {
  all_?: readonly string[] | null | undefined
  any_?: readonly string[] | null | undefined
  is_null_?: Flag
}

/** A field that is a column of tags, of which an empty list is NULL. */
export function tags(name: string): Field<TagsCriterion> {
  return (session, { all_, any_, is_null_ }) => {
    const conditions: Condition[] = []
    if (all_?.length) conditions.push(containsAll(session, name, all_))
    if (any_) conditions.push(any_.length === 0 ? NEVER : containsAny(session, name, any_))
    conditions.push(...nullness(sql.ref(name), is_null_))
    return conditions
  }
}
