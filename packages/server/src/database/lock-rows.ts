import type { SelectQueryBuilder } from 'kysely'
import type { Session } from './session.ts'

/**
 * Locks the rows that a query selects until the transaction ends; with `skipLocked`, rows that another
 * transaction holds are left out. In SQLite the one writer holds them all.
 */
export function lockRows<Database, Tables extends keyof Database, Row>(
  session: Session,
  query: SelectQueryBuilder<Database, Tables, Row>,
  { skipLocked = false } = {},
): SelectQueryBuilder<Database, Tables, Row> {
  if (session.dialect === 'sqlite') return query
  return skipLocked ? query.forUpdate().skipLocked() : query.forUpdate()
}
