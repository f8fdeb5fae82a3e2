import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Client, FlowFacts, FlowRun, Limit, State, TaskFacts, TaskRun } from '../src/types.ts'

export const NOW = Date.UTC(2026, 0, 15, 12) * 1000
export const SECOND = 1_000_000

type StateFields = Partial<Omit<State, 'type'>>

export function makeState(type: StateType, fields: StateFields = {}): State {
  return {
    id: `state-${type.toLowerCase()}`,
    type,
    name: defaultStateName(type),
    timestamp: NOW,
    message: null,
    data: null,
    state_details: {},
    ...fields,
  }
}

/** The present state of a run: ten seconds old. */
export function makeCurrent(type: StateType, fields: StateFields = {}): State {
  return makeState(type, { id: 'current', timestamp: NOW - 10 * SECOND, ...fields })
}

const TIMES = {
  run_count: 0,
  start_time: null,
  end_time: null,
  total_run_time: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
}

export function makeFlowRun(fields: Partial<FlowRun> = {}): FlowRun {
  return {
    ...TIMES,
    id: 'flow-run',
    deployment_id: null,
    parent_task_run_id: null,
    infrastructure_pid: null,
    empirical_policy: {
      retries: null,
      retry_delay: null,
      pause_keys: [],
      resuming: false,
      retry_type: null,
    },
    ...fields,
  }
}

export function makeTaskRun(fields: Partial<TaskRun> = {}): TaskRun {
  return {
    ...TIMES,
    id: 'task-run',
    flow_run_id: null,
    task_key: 'task',
    tags: [],
    empirical_policy: { retries: null, retry_delay: null, retry_jitter_factor: null },
    flow_run_run_count: 0,
    ...fields,
  }
}

export function makeLimit(fields: Partial<Limit> = {}): Limit {
  return {
    id: 'limit',
    name: 'tag:a',
    active: true,
    limit: 1,
    active_slots: 0,
    avg_slot_occupancy_seconds: 2,
    ...fields,
  }
}

export const CLIENT_3_8: Client = { generation: '3.8', version: [3, 8, 8, ''], api_version: [0, 8, 4] }
export const CLIENT_2_20: Client = { generation: '2.20', version: [2, 20, 25, ''], api_version: [0, 8, 4] }
/** The last client that could not renew the lease of its deployment's slot. */
export const CLIENT_3_4_10: Client = { ...CLIENT_3_8, version: [3, 4, 10, ''] }

const COMMON = {
  now: NOW,
  client: CLIENT_3_8,
  settings: {
    tag_concurrency_slot_wait_seconds: 10,
    deployment_concurrency_slot_wait_seconds: 30,
    initial_deployment_lease_seconds: 300,
    max_cache_key_length: 2000,
  },
  lease_id: 'new-lease',
  pause_key: 'new-pause-key',
  random: 0.5,
  current: null,
}

export function makeFlowFacts(fields: Partial<FlowFacts> = {}): FlowFacts {
  return {
    ...COMMON,
    run: makeFlowRun(),
    deployment: undefined,
    lease_is_live: false,
    taken_timestamps: [],
    ...fields,
  }
}

export function makeTaskFacts(fields: Partial<TaskFacts> = {}): TaskFacts {
  return { ...COMMON, run: makeTaskRun(), parent: undefined, cached: undefined, tag_limits: [], ...fields }
}
