import type { Session } from '../database/session.ts'
import type { TableName } from '../database/tables.ts'
import type { Condition } from './filters/condition.ts'

/** How many rows of a table meet a condition. */
export async function countRows(session: Session, table: TableName, condition: Condition): Promise<number> {
  const row = await session.first(
    session.build
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .where(condition),
  )
  return row?.rows ?? 0
}
