import { insertRows } from '../database/bulk.ts'
import { findRows } from '../database/find-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { storedState } from './states.ts'
import type { Sighting } from './task-run-sighting.ts'
import type { WorkingRun } from './task-run-working-set.ts'

type StateRow = Row<'task_run_state'>

/**
 * Inserts the state of every sighting; one that is there already is left. A run has one state an instant,
 * so a second one of the same microsecond moves on by one.
 */
export async function insertHistory(
  session: Session,
  entered: readonly { sighting: Sighting; run: WorkingRun }[],
): Promise<void> {
  let rows = entered.map(({ sighting: { state }, run }): StateRow => {
    const owner = { flow_run_id: run.flow_run_id, task_run_id: run.id }
    const ofRun = { ...state, state_details: { ...state.state_details, task_run_id: run.id } }
    return { ...storedState(ofRun, owner, null), data: state.data, task_run_id: run.id }
  })
  while (rows.length > 0) {
    const inserted = await insertRows(session, 'task_run_state', rows, 'ignore')
    const refused = rows.filter(({ id }) => !inserted.has(id))
    if (refused.length === 0) return
    const present = await findRows(session, 'task_run_state', ['id'], refused, ['id'])
    const known = new Set(present.map(({ id }) => id))
    rows = refused.filter(({ id }) => !known.has(id)).map((row) => ({ ...row, timestamp: row.timestamp + 1 }))
  }
}
