import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

const readByIds = prepared<Row<'log'>>((session) =>
  session.build
    .selectFrom('log')
    .selectAll()
    .where(inList(session, 'log.id', []))
    .orderBy('timestamp')
    .orderBy('id'),
)

/** The lines with these ids, in order of time. */
export function readLogsById(session: Session, ids: readonly string[]): Promise<Row<'log'>[]> {
  return readByIds(session, [listParameter(session, ids)])
}
