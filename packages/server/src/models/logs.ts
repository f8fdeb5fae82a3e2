import type { LogFilter } from '@reeve/schemas/filters/log-filter'
import type { LogCreate } from '@reeve/schemas/log'
import type { LogSort } from '@reeve/schemas/sorts'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { logFilter } from './filters/log-filter.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

export type LogRow = Row<'log'>

/** Stores log lines and tells the bus of them once they are durable. */
export async function createLogs(
  session: Session,
  logs: readonly LogCreate[],
  context: ModelContext,
): Promise<LogRow[]> {
  const created = context.clock.now()
  const rows = logs.map((log): LogRow => ({ ...log, id: context.ids.ordered(), created }))
  await insertRows(session, 'log', rows)
  session.onCommit(() => {
    for (const row of rows) context.bus.publish('log', row)
  })
  return rows
}

const LOG_ORDERS: { [Sort in LogSort]: Order } = {
  TIMESTAMP_ASC: ascending('log.timestamp', 'log.id'),
  TIMESTAMP_DESC: descending('log.timestamp', 'log.id'),
}

export interface LogQuery {
  logFilter?: LogFilter | null | undefined
  limit: number
  offset?: number
  sort?: LogSort
  /** Only lines that come later in the order of time than this one. */
  after?: Pick<LogRow, 'timestamp' | 'id'> | undefined
}

/** The matching lines, oldest first unless told otherwise. */
export async function readLogs(
  session: Session,
  { logFilter: criteria, limit, offset = 0, sort = 'TIMESTAMP_ASC', after }: LogQuery,
): Promise<LogRow[]> {
  return session.all(
    session.build
      .selectFrom('log')
      .selectAll('log')
      .where(logFilter(session, criteria ?? { operator: 'and_' }))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, or, and }) =>
          or([
            eb('log.timestamp', '>', after?.timestamp as number),
            and([
              eb('log.timestamp', '=', after?.timestamp as number),
              eb('log.id', '>', after?.id as string),
            ]),
          ]),
        ),
      )
      .orderBy(LOG_ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}
