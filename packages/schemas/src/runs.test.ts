import { expect, test } from 'vitest'
import { FlowRunCreate, FlowRunUpdate } from './flow-run.ts'
import { TaskRunCreate, TaskRunUpdate } from './task-run.ts'
import { parseTimestamp } from './time.ts'

const ID = 'a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7a7'
const TASK_RUN = { task_key: 'k', dynamic_key: '0' }

test('a task run needs only its keys', () => {
  expect(TaskRunCreate.parse(TASK_RUN)).toMatchObject({
    ...TASK_RUN,
    id: null,
    state: null,
    name: null,
    flow_run_id: null,
    tags: [],
    labels: {},
    task_inputs: {},
    empirical_policy: { max_retries: 0, retries: null },
  })
})

test('times of a task run are microseconds', () => {
  const { cache_expiration } = TaskRunCreate.parse({ ...TASK_RUN, cache_expiration: '2030-01-01' })
  expect(cache_expiration).toBe(parseTimestamp('2030-01-01T00:00:00Z'))
})

test('an input of a task without a kind is known by its other key', () => {
  const { task_inputs } = TaskRunCreate.parse({
    ...TASK_RUN,
    task_inputs: {
      a: [{ id: ID.toUpperCase() }, { name: 'x' }, { type: 'y' }, { input_type: 'flow_run', id: ID }],
    },
  })
  expect(task_inputs.a).toEqual([
    { input_type: 'task_run', id: ID },
    { input_type: 'parameter', name: 'x' },
    { input_type: 'constant', type: 'y' },
    { input_type: 'flow_run', id: ID },
  ])
})

test.each([{ id: 5 }, { input_type: 'nothing', id: ID }, {}, null])('%j is no input of a task', (input) => {
  expect(TaskRunCreate.safeParse({ ...TASK_RUN, task_inputs: { a: [input] } }).success).toBe(false)
})

test.each([
  ['a flow run', FlowRunCreate, { flow_id: ID }],
  ['a task run', TaskRunCreate, TASK_RUN],
  ['a change of a flow run', FlowRunUpdate, {}],
  ['a change of a task run', TaskRunUpdate, {}],
])('unknown keys of %s are refused', (_what, schema, body) => {
  expect(schema.safeParse(body).success).toBe(true)
  expect(schema.safeParse({ ...body, colour: 'red' }).success).toBe(false)
})

test('a change holds only the keys that were sent', () => {
  expect(Object.keys(FlowRunUpdate.parse({}))).toEqual([])
  expect(FlowRunUpdate.parse({ name: null, job_variables: null })).toEqual({
    name: null,
    job_variables: null,
  })
  expect(FlowRunUpdate.safeParse({ tags: null }).success).toBe(false)
})

test.each(['parameters', 'context', 'tags', 'empirical_policy', 'flow_id'])(
  '%s of a flow run may not be null',
  (key) => {
    expect(FlowRunCreate.safeParse({ flow_id: ID, [key]: null }).success).toBe(false)
  },
)
