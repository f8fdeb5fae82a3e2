import { sql } from 'kysely'
import type { Expression } from 'kysely'
import type { Session } from './session.ts'

/** A JSON column as text: a JSON text without its quotes, NULL for a JSON null. */
export function jsonText(session: Session, column: string): Expression<string | null> {
  return session.dialect === 'postgres'
    ? sql<string | null>`${sql.ref(column)} #>> '{}'`
    : sql<string | null>`${sql.ref(column)} ->> '$'`
}
