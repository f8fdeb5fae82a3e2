import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Session } from './session.ts'

/** The text under a key of a JSON object; NULL when there is no such key. */
export function memberText(
  session: Session,
  object: Expression<unknown>,
  key: string,
): Expression<string | null> {
  return session.dialect === 'sqlite'
    ? sql<string | null>`(select member.value from json_each(${object}) as member where member.key = ${key})`
    : sql<string | null>`(${object} ->> cast(${key} as text))`
}

/** Whether some element of a JSON list (NULL is an empty one) meets a condition. */
export function someElement(
  session: Session,
  list: string,
  condition: (element: Expression<unknown>) => Expression<SqlBool>,
): Expression<SqlBool> {
  const elements = session.dialect === 'sqlite' ? sql`json_each` : sql`jsonb_array_elements`
  const met = condition(sql.ref('element.value'))
  return sql<SqlBool>`exists (select 1 from ${elements}(${sql.ref(list)}) as element where ${met})`
}

/** A JSON column as it is written, for a search in it. */
export function jsonSource(column: string): Expression<string> {
  return sql<string>`coalesce(cast(${sql.ref(column)} as text), '')`
}
