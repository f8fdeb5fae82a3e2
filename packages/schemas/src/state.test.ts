import { expect, test } from 'vitest'
import { STATE_TYPES } from './state-type.ts'
import { StateCreate } from './state.ts'

test('a state needs only its type; every detail has a default', () => {
  expect(StateCreate.parse({ type: 'PENDING' })).toEqual({
    type: 'PENDING',
    name: null,
    message: null,
    data: null,
    state_details: {
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
    },
  })
})

test.each(STATE_TYPES)('%s is a state type, in upper case only', (type) => {
  expect(StateCreate.safeParse({ type }).success).toBe(true)
  expect(StateCreate.safeParse({ type: type.toLowerCase() }).success).toBe(false)
})

test('unknown details are dropped, unknown keys of the state refused', () => {
  const { state_details } = StateCreate.parse({ type: 'RUNNING', state_details: { colour: 'red' } })
  expect(state_details).not.toHaveProperty('colour')
  expect(StateCreate.safeParse({ type: 'RUNNING', colour: 'red' }).success).toBe(false)
})

test('the id and timestamp that Prefect 2 clients may send are dropped', () => {
  const state = StateCreate.parse({ type: 'RUNNING', id: 5, timestamp: 'whenever' })
  expect(JSON.parse(JSON.stringify(state))).not.toHaveProperty('id')
  expect(state.timestamp).toBeUndefined()
})

test('null is told from false where it may stand, and refused where it may not', () => {
  const withDetails = (state_details: unknown) => StateCreate.safeParse({ type: 'RUNNING', state_details })
  expect(withDetails({ deferred: null }).data?.state_details.deferred).toBeNull()
  expect(withDetails({ untrackable_result: null }).success).toBe(false)
  expect(withDetails(null).success).toBe(false)
})

test('an empty name stays empty', () => {
  expect(StateCreate.parse({ type: 'PENDING', name: '' }).name).toBe('')
})

test('a detail keeps the offset of its time and the case-free id', () => {
  const { state_details } = StateCreate.parse({
    type: 'SCHEDULED',
    state_details: {
      scheduled_time: '2030-01-01T00:00:00+02:00',
      transition_id: 'A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7',
    },
  })
  expect(state_details.scheduled_time).toBe('2030-01-01T00:00:00+02:00')
  expect(state_details.transition_id).toBe('a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7a7')
})
