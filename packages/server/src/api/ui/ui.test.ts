import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { filledRow, flowRow, flowRunRow, nextId, taskRunRow } from '../../../tests/helpers/run-rows.ts'
import { START } from '../../../tests/helpers/test-context.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'
import { insertRows } from '../../database/bulk.ts'

const MINUTE = 60_000_000
const at = (minute: number) => START + minute * MINUTE
const iso = (time: number) => new Date(time / 1000).toISOString()

describe.each(DIALECTS)('routes of the dashboard on %s', (dialect) => {
  let server: TestServer
  const flow = flowRow()
  const idle = flowRow()
  const run = (row: object) => flowRunRow({ flow_id: flow.id, ...row })

  beforeEach(async () => {
    server = await createTestServer(dialect)
    await server.context.database.write((session) => insertRows(session, 'flow', [flow, idle]))
  })
  afterEach(() => server.close())

  const ask = async (path: string, body: object) => (await server.call('POST', `/ui${path}`, body)).body
  const store = (runs: ReturnType<typeof flowRunRow>[], tasks: ReturnType<typeof taskRunRow>[] = []) =>
    server.context.database.write(async (session) => {
      await insertRows(session, 'flow_run', runs)
      await insertRows(session, 'task_run', tasks)
    })

  test('finished task runs are counted in twenty slices; cancelled ones did not fail', async () => {
    const finished = (state_type: string, minute: number) =>
      taskRunRow({ state_type, start_time: at(minute) })
    await store(
      [],
      [
        finished('COMPLETED', 0),
        finished('CANCELLED', 0.5),
        finished('FAILED', 1),
        finished('CRASHED', 19),
        finished('RUNNING', 2),
        finished('FAILED', 25),
      ],
    )
    const start_time = { after_: iso(at(0)), before_: iso(at(19.5)) }
    const counts = await ask('/task_runs/dashboard/counts', { task_runs: { start_time } })
    const expected = Array.from({ length: 20 }, () => ({ completed: 0, failed: 0 }))
    expected[0] = { completed: 2, failed: 0 }
    expected[1] = { completed: 0, failed: 1 }
    expected[19] = { completed: 0, failed: 1 }
    expect(counts).toEqual(expected)
  })

  test('a span that ends before it starts has nothing in it', async () => {
    const start_time = { after_: iso(at(60)), before_: iso(at(0)) }
    const counts = await ask('/task_runs/dashboard/counts', { task_runs: { start_time } })
    expect(counts).toHaveLength(20)
    expect(await ask('/task_runs/dashboard/counts', { task_runs: {} })).toEqual({
      detail: 'task_runs.start_time.after_ is required',
    })
  })

  test('task runs are counted for all nine state types', async () => {
    await store(
      [],
      [taskRunRow({ state_type: 'FAILED' }), taskRunRow({ state_type: 'FAILED' }), taskRunRow()],
    )
    const counts = await ask('/task_runs/count', {})
    expect(Object.keys(counts)).toHaveLength(9)
    expect(counts).toMatchObject({ FAILED: 2, COMPLETED: 0 })
  })

  test('every flow run asked for is counted, without the task runs that stand for subflows', async () => {
    const [parent, empty] = [run({}), run({})]
    const [task, tracking] = [taskRunRow({ flow_run_id: parent.id }), taskRunRow({ flow_run_id: parent.id })]
    await store([parent, empty, run({ parent_task_run_id: tracking.id })], [task, tracking])
    const unknown = nextId()
    const flow_run_ids = [parent.id, empty.id, unknown]
    expect(await ask('/flow_runs/count-task-runs', { flow_run_ids })).toEqual({
      [parent.id]: 1,
      [empty.id]: 0,
      [unknown]: 0,
    })
  })

  test('deployments are counted by flow', async () => {
    const deployments = ['a', 'b'].map((name) => filledRow('deployment', { name, flow_id: flow.id }))
    await server.context.database.write((session) => insertRows(session, 'deployment', deployments))
    expect(await ask('/flows/count-deployments', { flow_ids: [flow.id, idle.id] })).toEqual({
      [flow.id]: 2,
      [idle.id]: 0,
    })
  })

  test('the next run of a flow is the scheduled one that comes first', async () => {
    const scheduled = (minute: number) =>
      run({ state_type: 'SCHEDULED', state_name: 'Scheduled', next_scheduled_start_time: at(minute) })
    const first = scheduled(5)
    await store([scheduled(9), first, run({ state_type: 'PENDING', next_scheduled_start_time: at(1) })])
    expect(await ask('/flows/next-runs', { flow_ids: [flow.id, idle.id] })).toEqual({
      [flow.id]: {
        id: first.id,
        flow_id: flow.id,
        name: first.name,
        state_name: 'Scheduled',
        state_type: 'SCHEDULED',
        next_scheduled_start_time: '2026-01-01T00:05:00Z',
      },
      [idle.id]: null,
    })
  })

  test('dots stand at the start of a run, or where it is expected', async () => {
    const done = run({
      state_type: 'COMPLETED',
      expected_start_time: at(1),
      start_time: at(2),
      total_run_time: 3.5,
    })
    const waiting = run({ state_type: 'SCHEDULED', expected_start_time: at(60) })
    await store([done, waiting])
    expect(await ask('/flow_runs/history', {})).toEqual([
      {
        id: waiting.id,
        state_type: 'SCHEDULED',
        timestamp: '2026-01-01T01:00:00Z',
        duration: 0,
        lateness: 0,
      },
      {
        id: done.id,
        state_type: 'COMPLETED',
        timestamp: '2026-01-01T00:02:00Z',
        duration: 3.5,
        lateness: 60,
      },
    ])
  })

  test('a task run tells the name of its flow run', async () => {
    const parent = run({ name: 'the parent' })
    const task = taskRunRow({ flow_run_id: parent.id })
    await store([parent], [task])
    const { body } = await server.call('GET', `/ui/task_runs/${task.id}`)
    expect(body).toMatchObject({ id: task.id, flow_run_name: 'the parent' })
    expect((await server.call('GET', `/ui/task_runs/${nextId()}`)).status).toBe(404)
  })
})
