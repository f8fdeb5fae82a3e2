import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { currentState, joinedState } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'
import type { TaskRunRecord } from './records.ts'

export type JoinedTaskRun = Row<'task_run'> & JoinedState

/** All columns of task runs, and of the state that each is in. */
export function taskRunsWithState({ build }: Session) {
  return build
    .selectFrom('task_run')
    .leftJoin('task_run_state as state', 'state.id', 'task_run.state_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .selectAll('task_run')
    .select(joinedState)
    .$castTo<JoinedTaskRun>()
}

/** The joined columns stay on the record: to leave them out costs more than to read the row. */
export function taskRunRecord(row: JoinedTaskRun): TaskRunRecord {
  const state = currentState(row, { flow_run_id: row.flow_run_id, task_run_id: row.id })
  return { ...row, state }
}
