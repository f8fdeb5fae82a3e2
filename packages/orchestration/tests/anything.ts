import { STATE_TYPES } from '@reeve/schemas/state-type'
import fc from 'fast-check'
import type { FlowFacts, State, TaskFacts } from '../src/types.ts'
import { CLIENT_2_20, CLIENT_3_8, NOW, SECOND, makeFlowFacts, makeTaskFacts } from './make.ts'

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary)
const number = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.double())
const timestamp = fc.integer({ min: NOW - 100 * SECOND, max: NOW + 100 * SECOND })
const text = fc.oneof(fc.string(), fc.constantFrom('', '2026-01-15T12:00:01Z', '+275760-13-45', 'tag:a'))
const names = ['Late', 'AwaitingRetry', 'Resuming', 'Submitting', 'Suspended', 'Pending']

const state: fc.Arbitrary<State> = fc.record({
  id: text,
  type: fc.constantFrom(...STATE_TYPES),
  name: fc.oneof(fc.constantFrom(...names), text),
  timestamp,
  message: orNull(text),
  data: fc.oneof(fc.jsonValue(), fc.constantFrom({}, { type: 'unpersisted' })) as fc.Arbitrary<State['data']>,
  state_details: fc.record(
    {
      scheduled_time: orNull(text),
      cache_key: orNull(text),
      cache_expiration: orNull(text),
      deferred: orNull(fc.boolean()),
      pause_timeout: orNull(text),
      pause_reschedule: fc.boolean(),
      pause_key: orNull(text),
      run_input_keyset: orNull(fc.dictionary(text, text)),
      refresh_cache: orNull(fc.boolean()),
      retriable: orNull(fc.boolean()),
      transition_id: orNull(text),
      task_parameters_id: orNull(text),
      deployment_concurrency_lease_id: orNull(text),
    },
    { requiredKeys: [] },
  ),
})

const limit = fc.record({
  id: text,
  name: text,
  active: fc.boolean(),
  limit: number,
  active_slots: number,
  avg_slot_occupancy_seconds: number,
})

const times = {
  run_count: number,
  start_time: orNull(timestamp),
  end_time: orNull(timestamp),
  total_run_time: number,
  expected_start_time: orNull(timestamp),
  next_scheduled_start_time: orNull(timestamp),
}

const version = fc.constantFrom<[number, number, number, string]>(
  [3, 0, 0, 'rc20'],
  [3, 4, 11, ''],
  [2, 0, 0, 'x'],
)
const common = {
  now: timestamp,
  client: fc.record({
    generation: fc.constantFrom(CLIENT_3_8.generation, CLIENT_2_20.generation),
    version: fc.option(version, { nil: undefined }),
    api_version: fc.constantFrom(undefined, [0, 8, 2] as const, [0, 8, 4] as const),
  }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  current: orNull(state),
}

/** Facts of any kind that their types allow, sensible or not. */
export const flowFacts: fc.Arbitrary<FlowFacts> = fc
  .record({
    ...common,
    lease_is_live: fc.boolean(),
    taken_timestamps: fc.array(timestamp, { maxLength: 3 }),
    deployment: fc.oneof(
      fc.constantFrom(undefined, null),
      fc.record({
        id: text,
        limit: orNull(limit),
        collision_strategy: fc.constantFrom('ENQUEUE' as const, 'CANCEL_NEW' as const),
        grace_period_seconds: orNull(number),
      }),
    ),
    run: fc.record({
      ...times,
      id: text,
      deployment_id: orNull(text),
      parent_task_run_id: orNull(text),
      infrastructure_pid: orNull(text),
      empirical_policy: fc.record({
        retries: orNull(number),
        retry_delay: orNull(number),
        pause_keys: fc.array(text, { maxLength: 3 }),
        resuming: fc.boolean(),
        retry_type: orNull(fc.constantFrom('in_process' as const, 'reschedule' as const)),
      }),
    }),
  })
  .map((facts) => makeFlowFacts(facts))

export const taskFacts: fc.Arbitrary<TaskFacts> = fc
  .record({
    ...common,
    parent: fc.option(fc.record({ run_count: number, state: orNull(state) }), { nil: undefined }),
    cached: fc.option(state, { nil: undefined }),
    tag_limits: fc.array(limit, { maxLength: 3 }),
    run: fc.record({
      ...times,
      id: text,
      flow_run_id: orNull(text),
      task_key: text,
      tags: fc.array(text, { maxLength: 3 }),
      empirical_policy: fc.record({
        retries: orNull(number),
        retry_delay: orNull(fc.oneof(number, fc.array(number, { maxLength: 3 }))),
        retry_jitter_factor: orNull(number),
      }),
      flow_run_run_count: number,
    }),
  })
  .map((facts) => makeTaskFacts(facts))

export const anyState = state
