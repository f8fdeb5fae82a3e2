import type { State, StateDetails } from '@reeve/orchestration/types'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { JsonObject } from '@reeve/schemas/json'
import type { Row } from '../database/tables.ts'

/** The run that a state belongs to: its ids are in every state's details, and not stored again. */
export interface StateOwner {
  flow_run_id: string | null
  task_run_id: string | null
}

type StateColumns = Omit<Row<'task_run_state'>, 'task_run_id'>

/** What a state is in its table: without what the run or the type already says. */
export function storedState(state: State, owner: StateOwner, artifactId: string | null): StateColumns {
  return {
    id: state.id,
    type: state.type,
    name: state.name === defaultStateName(state.type) ? null : state.name,
    timestamp: state.timestamp,
    message: state.message,
    state_details: compactDetails(state.state_details, owner),
    data: null,
    result_artifact_id: artifactId,
  }
}

// In the other details, `retriable` for one, false says something else than nothing.
const FALSE_UNLESS_SAID = new Set(['deferred', 'untrackable_result', 'pause_reschedule'])

function compactDetails(details: StateDetails, owner: StateOwner): JsonObject {
  const compact: JsonObject = {}
  for (const [key, value] of Object.entries(details)) {
    if (value === undefined || (value === null && key !== 'deferred')) continue
    if (value === false && FALSE_UNLESS_SAID.has(key)) continue
    if (value === owner[key as keyof StateOwner]) continue
    compact[key] = value
  }
  return compact
}

/** The whole state again. `artifactData` is what the state's artifact holds, when it has one. */
export function loadedState(row: StateColumns, owner: StateOwner, artifactData: State['data']): State {
  const type = row.type as StateType
  return {
    id: row.id,
    type,
    name: row.name ?? defaultStateName(type),
    timestamp: row.timestamp,
    message: row.message,
    data: row.result_artifact_id === null ? row.data : artifactData,
    state_details: {
      flow_run_id: owner.flow_run_id,
      task_run_id: owner.task_run_id,
      ...(row.state_details as StateDetails),
    },
  }
}
