import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('a flow run that is told of when it has begun, on %s', (dialect) => {
  let server: TestServer
  let flowId: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    flowId = (await server.call('POST', '/flows/', { name: 'f' })).body.id
  })
  afterEach(() => server.close())

  const identified = (type: string) => ({ type, state_details: { transition_id: crypto.randomUUID() } })
  const taskRun = (dynamic_key: string, end?: object) => ({
    task_run: { task_key: 'k', dynamic_key, id: crypto.randomUUID() },
    state: identified('RUNNING'),
    end,
    age_seconds: 1,
  })
  const body = (task_runs: ReturnType<typeof taskRun>[] = [], more: object = {}) => ({
    flow_run: { flow_id: flowId, id: crypto.randomUUID(), name: 'mine', ...more },
    state: identified('RUNNING'),
    age_seconds: 2,
    task_runs,
  })
  const start = (given: object) => server.call('POST', '/flow_runs/start', given)
  const states = async (kind: 'flow' | 'task', id: string) =>
    (await server.call('GET', `/${kind}_run_states/?${kind}_run_id=${id}`)).body.map(
      ({ name }: { name: string }) => name,
    )
  const count = async () => (await server.call('POST', '/task_runs/count', {})).body

  test('has the id and name that it was given, and began when it says', async () => {
    const given = body()
    const { status, body: answer } = await start(given)
    expect(status).toBe(201)
    expect(answer).toMatchObject({
      flow_run: { id: given.flow_run.id, name: 'mine' },
      result: { status: 'ACCEPT' },
    })
    const run = (await server.call('GET', `/flow_runs/${given.flow_run.id}`)).body
    expect(run).toMatchObject({ state_type: 'RUNNING', run_count: 1 })
    expect(Date.now() - Date.parse(run.start_time)).toBeGreaterThan(1900)
    expect(await states('flow', run.id)).toEqual(['Pending', 'Running'])
  })

  test('has the task runs that came along, those that are over and those that are not', async () => {
    const given = body([taskRun('0', identified('COMPLETED')), taskRun('1')])
    const { body: answer } = await start(given)
    expect(answer.task_runs).toMatchObject([
      {
        task_run: { id: given.task_runs[0]?.task_run.id, flow_run_id: given.flow_run.id },
        result: { status: 'ACCEPT' },
        end: { status: 'ACCEPT', state: { type: 'COMPLETED' } },
        flow_run_state_type: 'RUNNING',
      },
      { result: { status: 'ACCEPT', state: { type: 'RUNNING' } }, end: null },
    ])
    const [first, second] = answer.task_runs
    expect(await states('task', first.task_run.id)).toEqual(['Pending', 'Running', 'Completed'])
    expect(await states('task', second.task_run.id)).toEqual(['Pending', 'Running'])
    const flowRun = (await server.call('GET', `/flow_runs/${given.flow_run.id}`)).body
    const run = (await server.call('GET', `/task_runs/${first.task_run.id}`)).body
    expect(Date.parse(run.start_time)).toBeGreaterThan(Date.parse(flowRun.start_time))
  })

  test('is answered as it is when the same is sent again, even at once', async () => {
    const given = body([taskRun('0', identified('COMPLETED'))])
    const answers = await Promise.all([start(given), start(given)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 201])
    const again = await start(given)
    expect(again).toMatchObject({
      status: 200,
      body: {
        flow_run: { id: given.flow_run.id, state: { state_details: given.state.state_details } },
        result: null,
        task_runs: [{ result: null, task_run: { state_type: 'COMPLETED' } }],
      },
    })
    expect(await states('flow', given.flow_run.id)).toEqual(['Pending', 'Running'])
    expect(await count()).toBe(1)
  })

  test('starts no task run when it may not run', async () => {
    const given = { ...body([taskRun('0')]), state: identified('SCHEDULED') }
    const { body: answer } = await start(given)
    expect(answer.task_runs).toEqual([])
    expect(await count()).toBe(0)
  })

  test('an id that a run of another flow has is refused', async () => {
    const given = body()
    await start(given)
    const other = (await server.call('POST', '/flows/', { name: 'other' })).body.id
    const refused = await start(body([], { id: given.flow_run.id, flow_id: other }))
    expect(refused.status).toBe(409)
    expect(JSON.stringify(refused.body)).not.toContain('mine')
  })

  test('a task run with an id that another has is left out, and the others are made', async () => {
    const first = body([taskRun('0')])
    await start(first)
    const taken = { ...taskRun('0'), task_run: first.task_runs[0]?.task_run ?? taskRun('x').task_run }
    const { body: answer } = await start(body([taken, taskRun('1')]))
    expect(answer.task_runs).toMatchObject([null, { task_run: { dynamic_key: '1' } }])
  })

  test('more than fifty starts along are refused', async () => {
    const many = Array.from({ length: 51 }, (_, key) => taskRun(String(key)))
    expect(await start(body(many))).toMatchObject({ status: 422 })
  })
})
