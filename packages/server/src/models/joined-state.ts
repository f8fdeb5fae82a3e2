import { sql } from 'kysely'
import type { State } from '@reeve/orchestration/types'
import type { Row } from '../database/tables.ts'
import { loadedState } from './states.ts'
import type { StateOwner } from './states.ts'

/** The columns of a run's current state beside the run's own, as `state__…`. */
export interface JoinedState {
  state__id: string | null
  state__type: string
  state__name: string | null
  state__timestamp: number
  state__message: string | null
  state__state_details: Row<'task_run_state'>['state_details']
  state__data: State['data']
  state__result_artifact_id: string | null
  state_artifact__data: State['data']
}

/**
 * Selection for a query which has joined the run's state as `state` and its artifact as `state_artifact`:
 * `leftJoin('task_run_state as state', 'state.id', 'task_run.state_id')`,
 * `leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')`.
 */
export const joinedState = [
  sql.ref<JoinedState['state__id']>('state.id').as('state__id'),
  sql.ref<JoinedState['state__type']>('state.type').as('state__type'),
  sql.ref<JoinedState['state__name']>('state.name').as('state__name'),
  sql.ref<JoinedState['state__timestamp']>('state.timestamp').as('state__timestamp'),
  sql.ref<JoinedState['state__message']>('state.message').as('state__message'),
  sql.ref<JoinedState['state__state_details']>('state.state_details').as('state__state_details'),
  sql.ref<JoinedState['state__data']>('state.data').as('state__data'),
  sql
    .ref<JoinedState['state__result_artifact_id']>('state.result_artifact_id')
    .as('state__result_artifact_id'),
  sql.ref<JoinedState['state_artifact__data']>('state_artifact.data').as('state_artifact__data'),
] as const

/** Reads the joined columns back; null when the run has no state. */
export function currentState(row: JoinedState, owner: StateOwner): State | null {
  if (row.state__id === null) return null
  return loadedState(
    {
      id: row.state__id,
      type: row.state__type,
      name: row.state__name,
      timestamp: row.state__timestamp,
      message: row.state__message,
      state_details: row.state__state_details,
      data: row.state__data,
      result_artifact_id: row.state__result_artifact_id,
    },
    owner,
    row.state_artifact__data,
  )
}

/**
 * Whether the run got another state while the query that joined it waited for the run's lock: PostgreSQL then
 * gives the run as it is now, but no state beside it. The same query, once the lock is held, finds it.
 */
export function movedMeanwhile(row: JoinedState & { state_id: string | null }): boolean {
  return row.state_id !== row.state__id
}
