import type { State } from '@reeve/orchestration/types'
import type { Row } from '../database/tables.ts'

/** A run as models return it: its row and its current state; times in microseconds. */
export type TaskRunRecord = Row<'task_run'> & { state: State | null }
export type FlowRunRecord = Row<'flow_run'> & {
  state: State | null
  /** Of the queue the run is in; the queue's present name wins over the one stored on the run. */
  work_pool_id: string | null
  work_pool_name: string | null
}
