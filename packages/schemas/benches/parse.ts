import { createEvents } from '../src/routes/events.ts'
import { setTaskRunState } from '../src/routes/task-runs.ts'
import { StateCreate } from '../src/state.ts'
import { TaskRunCreate } from '../src/task-run.ts'

const uuid = '6478c3bf-73b9-4ff3-9d4b-0bb2866c1e68'
const state_details = {
  flow_run_id: null,
  task_run_id: uuid,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: false,
  retriable: null,
  transition_id: uuid,
  task_parameters_id: null,
}
const state = { type: 'RUNNING', name: 'Running', message: null, state_details, data: null }
const taskRun = {
  state: { ...state, type: 'PENDING', name: 'Pending' },
  name: 'add-0',
  flow_run_id: uuid,
  task_key: 'add-2b417e07',
  dynamic_key: '0',
  cache_key: null,
  cache_expiration: null,
  task_version: null,
  empirical_policy: {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: 0,
    retry_delay: 0,
    retry_jitter_factor: null,
  },
  tags: ['a', 'b'],
  task_inputs: { a: [{ input_type: 'task_run', id: uuid }], b: [] },
}

const event = {
  occurred: '2026-01-01T00:00:00.123456Z',
  event: 'prefect.task-run.Running',
  resource: { 'prefect.resource.id': `prefect.task-run.${uuid}`, 'prefect.resource.name': 'add-0' },
  related: [
    { 'prefect.resource.id': `prefect.flow-run.${uuid}`, 'prefect.resource.role': 'flow-run' },
    { 'prefect.resource.id': `prefect.flow.${uuid}`, 'prefect.resource.role': 'flow' },
  ],
  payload: { intended: { from: 'PENDING', to: 'RUNNING' } },
  id: uuid,
  follows: uuid,
}

const SUBJECTS = [
  ['TaskRunCreate', TaskRunCreate, taskRun],
  ['StateCreate', StateCreate, state],
  ['set_state body', setTaskRunState.body, { state, force: false }],
  ['events body, one event', createEvents.body, [event]],
] as const

const ROUNDS = 5
const REPEATS = 100_000

// Processor time, not the clock's: other work on the machine must not count.
for (const [name, schema, body] of SUBJECTS) {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage().user
    for (let i = 0; i < REPEATS; i++) schema.safeParse(body)
    best = Math.min(best, (process.cpuUsage().user - start) / REPEATS)
  }
  console.log(`${name}: ${best.toFixed(2)} µs`)
}
