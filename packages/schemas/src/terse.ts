import type { FlowRun } from './flow-run.ts'
import type { Json } from './json.ts'
import type { OrchestrationResult, StateDetails } from './state.ts'
import type { StateType } from './state-type.ts'

/**
 * What a pipeline answers about runs and states: whoever asks knows what it proposed, so most of a body would say
 * again what it sent, or nothing. Without zod, as the pipeline is.
 */

/**
 * A state: what differs from the proposal that is answered or, when there is none of that type, from an empty
 * state; only then the type is told.
 */
export interface TerseState {
  id: string
  timestamp: string
  type?: StateType
  /** Left out for the type's own name. */
  name?: string
  message?: string | null
  data?: Json
  state_details?: Partial<StateDetails>
}

export interface TerseResult {
  status: OrchestrationResult['status']
  state: TerseState | null
  /** Left out when there is nothing to add to the status. */
  details?: OrchestrationResult['details']
}

/** A run: what is empty, zero or null is left out, and of a run that the call itself started, its state. */
export interface TerseTaskRun {
  id: string
  created: string
  name: string
  tags?: string[]
  labels: FlowRun['labels']
  run_count?: number
  state?: TerseState
}

export interface TerseFlowRun extends TerseTaskRun {
  deployment_id?: string
  expected_start_time?: string
}

export interface TerseTaskRunStart {
  task_run: TerseTaskRun
  result?: TerseResult
  end?: TerseResult
  flow_run_state_type: StateType | null
}

export interface TerseFlowRunStart {
  flow_run: TerseFlowRun
  result?: TerseResult
  /** Null where the run was not made. */
  task_runs?: (TerseTaskRunStart | null)[]
}

/** The details of a state that has none. */
export const NO_DETAILS: Readonly<StateDetails> = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
}
