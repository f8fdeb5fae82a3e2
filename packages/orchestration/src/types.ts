import type { Json } from '@reeve/schemas/json'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import type { Effect } from './effects.ts'

/** As on the wire: times in details are texts, which keep the offset that the client sent. */
export interface StateDetails {
  flow_run_id?: string | null
  task_run_id?: string | null
  child_flow_run_id?: string | null
  scheduled_time?: string | null
  cache_key?: string | null
  cache_expiration?: string | null
  deferred?: boolean | null
  untrackable_result?: boolean
  pause_timeout?: string | null
  pause_reschedule?: boolean
  pause_key?: string | null
  run_input_keyset?: { [key: string]: string } | null
  refresh_cache?: boolean | null
  retriable?: boolean | null
  transition_id?: string | null
  task_parameters_id?: string | null
  traceparent?: string | null
  deployment_concurrency_lease_id?: string | null
}

export interface State {
  id: string
  type: StateType
  name: string
  timestamp: Timestamp
  message: string | null
  data: Json
  state_details: StateDetails
}

/** The fields that flow runs and task runs share and that a transition moves. */
export interface RunTimes {
  run_count: number
  start_time: Timestamp | null
  end_time: Timestamp | null
  /** seconds */
  total_run_time: number
  expected_start_time: Timestamp | null
  next_scheduled_start_time: Timestamp | null
}

export interface FlowRunPolicy {
  retries: number | null
  /** seconds */
  retry_delay: number | null
  pause_keys: string[]
  resuming: boolean
  retry_type: 'in_process' | 'reschedule' | null
}

export interface TaskRunPolicy {
  retries: number | null
  /** seconds */
  retry_delay: number | number[] | null
  retry_jitter_factor: number | null
}

export interface FlowRun extends RunTimes {
  id: string
  deployment_id: string | null
  parent_task_run_id: string | null
  infrastructure_pid: string | null
  empirical_policy: FlowRunPolicy
}

export interface TaskRun extends RunTimes {
  id: string
  flow_run_id: string | null
  task_key: string
  tags: string[]
  empirical_policy: TaskRunPolicy
  flow_run_run_count: number
}

/** Who asks. Versions are [major, minor, patch, pre-release]; undefined when the header is absent. */
export interface Client {
  /** Which rules hold: `3.8` unless the User-Agent is that of a Prefect 2 client. */
  generation: '2.20' | '3.8'
  version: readonly [number, number, number, string] | undefined
  api_version: readonly [number, number, number] | undefined
}

/** A limit on slots, with what is taken now (decay already applied). */
export interface Limit {
  id: string
  name: string
  active: boolean
  limit: number
  active_slots: number
  avg_slot_occupancy_seconds: number
}

export interface RuleSettings {
  tag_concurrency_slot_wait_seconds: number
  deployment_concurrency_slot_wait_seconds: number
  initial_deployment_lease_seconds: number
  max_cache_key_length: number
}

interface CommonFacts {
  now: Timestamp
  client: Client
  settings: RuleSettings
  /** Minted for a lease, in case one is taken. */
  lease_id: string
  /** Minted in case a pause comes without a key. */
  pause_key: string
  /** Uniform in [0, 1), for jitter. */
  random: number
  /** The run's current state; null before its first. */
  current: State | null
}

export interface FlowFacts extends CommonFacts {
  run: FlowRun
  /** undefined when the run names no deployment; null when the named one is gone. */
  deployment: DeploymentFacts | null | undefined
  /** True when the lease that the current state names is still in the store. */
  lease_is_live: boolean
  /** Timestamps of the run's earlier states which are not before the proposal's. */
  taken_timestamps: readonly Timestamp[]
}

export interface DeploymentFacts {
  id: string
  /** null: no limit on concurrent runs. */
  limit: Limit | null
  collision_strategy: 'ENQUEUE' | 'CANCEL_NEW'
  /** seconds a slot is held for a run which has not started; null: the server's default */
  grace_period_seconds: number | null
}

export interface TaskFacts extends CommonFacts {
  run: TaskRun
  /** undefined when the task run belongs to no flow run. */
  parent: ParentFacts | undefined
  /** The state that the proposal's cache key stands for, unexpired and still stored. */
  cached: State | undefined
  /** The limits named `tag:<tag>` of the run's tags, in tag order. */
  tag_limits: readonly Limit[]
}

export interface ParentFacts {
  run_count: number
  state: State | null
}

export type ResponseDetails =
  | { type: 'accept_details' }
  | { type: 'reject_details'; reason: string | null }
  | { type: 'wait_details'; delay_seconds: number; reason: string | null }
  | { type: 'abort_details'; reason: string | null }

/**
 * What is to be done. `state` is the state to write, or null when the run keeps its present one;
 * `patch` holds exactly the run fields that change (it may be non-empty without a state);
 * `effects` are applied in order in the same transaction.
 */
export interface Decision<Run> {
  status: 'ACCEPT' | 'REJECT' | 'WAIT' | 'ABORT'
  details: ResponseDetails
  state: State | null
  patch: Partial<Run>
  effects: Effect[]
}
