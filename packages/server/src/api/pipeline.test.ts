import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun } from '../../tests/helpers/make.ts'
import type { TestClient } from '../../tests/helpers/websocket-client.ts'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'
import { readTaskRunStates } from '../models/task-run-states.ts'

interface Answer {
  n: number | null
  status: number
  body: any
}

/** The answers to come, until there are `count`, by their numbers. */
async function answers(client: TestClient, count: number): Promise<Map<number | null, Answer>> {
  const found = new Map<number | null, Answer>()
  while (found.size < count) for (const answer of await client.next<Answer[]>()) found.set(answer.n, answer)
  return found
}

describe.each(DIALECTS)('the pipeline on %s', (dialect) => {
  let server: WebsocketTest
  let client: TestClient
  let flowRunId: string
  beforeEach(async () => {
    server = await createWebsocketTest(dialect)
    flowRunId = await makeFlowRun(server.context, { flow_id: await makeFlow(server.context) })
    client = await server.connect('/pipeline').authenticated()
  })
  afterEach(() => server.close())

  const ask = async (call: string, body: unknown, params?: unknown): Promise<Answer> => {
    client.send({ n: 1, call, params, body })
    return (await answers(client, 1)).get(1) as Answer
  }
  const taskRun = (dynamic_key: string) => ({ flow_run_id: flowRunId, task_key: 'k', dynamic_key })
  const states = async (id: string) => {
    const rows = await server.context.database.read((session) => readTaskRunStates(session, id))
    return rows.map(({ type }) => type)
  }

  test('a hundred calls in one frame are each answered by number', async () => {
    const calls = Array.from({ length: 100 }, (_, n) => ({
      n,
      call: 'createTaskRun',
      body: { ...taskRun(`${n}`), name: `run ${n}` },
    }))
    client.send(calls)
    const found = await answers(client, 100)
    for (const { n } of calls) {
      expect(found.get(n)).toMatchObject({
        status: 201,
        body: { name: `run ${n}`, state: { type: 'PENDING' } },
      })
    }
  })

  test('the first answers to many calls leave before the last ones are ready', async () => {
    client.send(Array.from({ length: 50 }, (_, n) => ({ n, call: 'createTaskRun', body: taskRun(`${n}`) })))
    const frames: number[] = []
    while (frames.reduce((sum, count) => sum + count, 0) < 50)
      frames.push((await client.next<Answer[]>()).length)
    expect(Math.max(...frames)).toBeLessThanOrEqual(16)
  })

  test('a task run and a flow run are started with one call, whose answer does not say again what was sent', async () => {
    const started = await ask('startTaskRun', { task_run: taskRun('0'), state: { type: 'RUNNING' } })
    const { id } = started.body.task_run
    const accepted = (details: object) => ({
      status: 'ACCEPT',
      state: { id: expect.any(String), timestamp: expect.any(String), state_details: details },
    })
    expect(started).toEqual({
      n: 1,
      status: 201,
      body: {
        task_run: {
          id,
          created: expect.any(String),
          name: expect.any(String),
          labels: expect.objectContaining({ 'prefect.flow-run.id': flowRunId }),
        },
        result: accepted({ flow_run_id: flowRunId, task_run_id: id }),
        flow_run_state_type: 'RUNNING',
      },
    })
    expect(await states(started.body.task_run.id)).toEqual(['PENDING', 'RUNNING'])
    const again = await ask('startTaskRun', { task_run: taskRun('0'), state: { type: 'RUNNING' } })
    expect(again).toMatchObject({
      status: 200,
      body: { task_run: { run_count: 1, state: { type: 'RUNNING' } } },
    })
    expect(again.body).not.toHaveProperty('result')
    const flow_id = (await ask('createFlow', { name: 'f' })).body.id
    const flowRun = await ask('startFlowRun', { flow_run: { flow_id }, state: { type: 'RUNNING' } })
    expect(flowRun).toMatchObject({
      status: 201,
      body: {
        flow_run: { id: flowRun.body.flow_run.id },
        result: accepted({ flow_run_id: flowRun.body.flow_run.id }),
      },
    })
  })

  test('a proposal that is sent again with its transition id counts once and is answered alike', async () => {
    const { body: run } = await ask('createTaskRun', taskRun('0'))
    const state = { type: 'RUNNING', state_details: { transition_id: crypto.randomUUID() } }
    const first = await ask('setTaskRunState', { state }, { id: run.id })
    const second = await ask('setTaskRunState', { state }, { id: run.id })
    expect(second.body).toEqual(first.body)
    expect(await states(run.id)).toEqual(['PENDING', 'RUNNING'])
  })

  test('a failure that was turned into a retry stays one retry when it is told again', async () => {
    const policy = { retries: 2, retry_delay: 0 }
    const { body: run } = await ask('createTaskRun', { ...taskRun('0'), empirical_policy: policy })
    await ask('setTaskRunState', { state: { type: 'RUNNING' } }, { id: run.id })
    const state = { type: 'FAILED', state_details: { transition_id: crypto.randomUUID() } }
    const first = await ask('setTaskRunState', { state }, { id: run.id })
    expect(first.body).toMatchObject({ status: 'REJECT', state: { type: 'SCHEDULED' } })
    const second = await ask('setTaskRunState', { state }, { id: run.id })
    expect(second.body).toMatchObject({ status: 'REJECT', state: first.body.state })
    expect(await states(run.id)).toEqual(['PENDING', 'RUNNING', 'SCHEDULED'])
  })

  test('the same proposal twice in one frame counts once', async () => {
    const { body: run } = await ask('createTaskRun', taskRun('0'))
    const state = { type: 'RUNNING', state_details: { transition_id: crypto.randomUUID() } }
    const call = { call: 'setTaskRunState', params: { id: run.id }, body: { state } }
    client.send([
      { n: 1, ...call },
      { n: 2, ...call },
    ])
    const found = await answers(client, 2)
    expect(found.get(2)?.body).toEqual(found.get(1)?.body)
    expect(await states(run.id)).toEqual(['PENDING', 'RUNNING'])
  })

  test('what the rules say comes as it comes by REST', async () => {
    const unknown = crypto.randomUUID()
    expect(await ask('setTaskRunState', { state: { type: 'RUNNING' } }, { id: unknown })).toMatchObject({
      status: 404,
    })
    expect(await ask('createTaskRun', { task_key: 'k' })).toMatchObject({
      status: 422,
      body: { exception_detail: [{ loc: ['body', 'dynamic_key'] }] },
    })
    expect(await ask('createTaskRun', { ...taskRun('0'), flow_run_id: unknown })).toMatchObject({
      status: 409,
    })
  })

  test.each([
    ['no JSON', '{', { n: null, status: 400 }],
    ['no call', '7', { n: null, status: 400 }],
    ['no number', '{"call":"createFlow"}', { n: null, status: 400 }],
    ['half a number', '{"n":0.5,"call":"createFlow"}', { n: null, status: 400 }],
    ['a call that is not there', '{"n":3,"call":"deleteFlow"}', { n: 3, status: 404 }],
    ['a call of a strange type', '{"n":3,"call":{}}', { n: 3, status: 404 }],
    ['strange parameters', '{"n":3,"call":"readFlowRun","params":[7]}', { n: 3, status: 422 }],
    ['no body', '{"n":3,"call":"createTaskRun"}', { n: 3, status: 422 }],
  ])('%s is answered, and the socket goes on', async (_, frame, answer) => {
    client.send(frame)
    expect((await answers(client, 1)).get(answer.n)).toMatchObject(answer)
    expect(await ask('createFlow', { name: 'f' })).toMatchObject({ status: 201 })
  })
})

test('the pipeline asks for credentials as other websockets do', async () => {
  const server = await createWebsocketTest('sqlite', { api_auth_string: 'admin:pass' })
  const client = await server.connect('/pipeline').opened()
  client.send({ type: 'auth', token: 'admin:wrong' })
  expect(await client.closed()).toMatchObject({ code: 1008 })
  await server.close()
})

test('a client with more in flight than the server holds is slowed down, and answered in full', async () => {
  const server = await createWebsocketTest('sqlite')
  const client = await server.connect('/pipeline').authenticated()
  const count = 12_000
  for (let n = 0; n < count; n++) client.send({ n, call: 'createFlow', body: { name: `flow ${n % 10}` } })
  const found = await answers(client, count)
  for (const { status } of found.values()) expect(status).toBeLessThan(300)
  await server.close()
}, 60_000)
