import { sql } from 'kysely'
import type { Expression } from 'kysely'
import type { Session } from './session.ts'

/** A JSON column as text: a JSON text without its quotes, NULL for a JSON null. */
export function jsonText(session: Session, column: string): Expression<string | null> {
  const value = sql.ref(column)
  if (session.dialect === 'postgres') return sql<string | null>`${value} #>> '{}'`
  // To SQLite true is 1, and 5 is not '5'.
  return sql<
    string | null
  >`case json_type(${value}) when 'true' then 'true' when 'false' then 'false' else cast(${value} ->> '$' as text) end`
}
