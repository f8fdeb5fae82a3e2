import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Session } from './session.ts'

/** Whether a JSON list of texts, kept as NULL when it is empty, contains all of some texts (at least one). */
export function containsAll(session: Session, column: string, texts: readonly string[]): Expression<SqlBool> {
  const list = sql.ref(column)
  if (session.dialect === 'postgres') return sql<SqlBool>`${list} @> ${JSON.stringify(texts)}::jsonb`
  const carried = sql`(select value from json_each(${list}))`
  const all = sql`not exists (select 1 from json_each(${JSON.stringify(texts)}) as wanted where wanted.value not in ${carried})`
  const written = texts.slice(0, MOST_WRITTEN).map((text) => isWritten(list, text))
  return sql<SqlBool>`(${sql.join([...written, all], sql` and `)})`
}

/** Whether a JSON list of texts, kept as NULL when it is empty, contains any of some texts. */
export function containsAny(session: Session, column: string, texts: readonly string[]): Expression<SqlBool> {
  const list = sql.ref(column)
  if (session.dialect === 'postgres') return sql<SqlBool>`${list} ?| ${texts}::text[]`
  const wanted = sql`(select value from json_each(${JSON.stringify(texts)}))`
  const any = sql<SqlBool>`exists (select 1 from json_each(${list}) as carried where carried.value in ${wanted})`
  if (texts.length > MOST_WRITTEN) return any
  const written = texts.map((text) => isWritten(list, text))
  return sql<SqlBool>`((${sql.join(written, sql` or `)}) and ${any})`
}

const MOST_WRITTEN = 10

/** Whether the JSON has the text somewhere: taking lists apart takes long, and most do not have it at all. */
function isWritten(list: Expression<unknown>, text: string): Expression<SqlBool> {
  return sql<SqlBool>`instr(${list}, ${JSON.stringify(text)})`
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
