import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Session } from './session.ts'

/** Whether a JSON list of texts, kept as NULL when it is empty, contains all of some texts (at least one). */
export function containsAll(session: Session, column: string, texts: readonly string[]): Expression<SqlBool> {
  const list = sql.ref(column)
  if (session.dialect === 'postgres') return sql<SqlBool>`${list} @> ${JSON.stringify(texts)}::jsonb`
  const carried = sql`(select value from json_each(${list}))`
  return sql<SqlBool>`not exists (select 1 from json_each(${JSON.stringify(texts)}) as wanted where wanted.value not in ${carried})`
}

/** Whether a JSON list of texts, kept as NULL when it is empty, contains any of some texts. */
export function containsAny(session: Session, column: string, texts: readonly string[]): Expression<SqlBool> {
  const list = sql.ref(column)
  if (session.dialect === 'postgres') return sql<SqlBool>`${list} ?| ${texts}::text[]`
  const wanted = sql`(select value from json_each(${JSON.stringify(texts)}))`
  return sql<SqlBool>`exists (select 1 from json_each(${list}) as carried where carried.value in ${wanted})`
}

/** Whether the text under a key of a JSON object is one of some texts. */
export function memberIn(
  session: Session,
  column: string,
  key: string,
  texts: readonly string[],
): Expression<SqlBool> {
  const member = sql`${sql.ref(column)} ->> ${sql.lit(key)}`
  return session.dialect === 'sqlite'
    ? sql<SqlBool>`(${member}) in (select value from json_each(${JSON.stringify(texts)}))`
    : sql<SqlBool>`(${member}) = any(${texts}::text[])`
}
