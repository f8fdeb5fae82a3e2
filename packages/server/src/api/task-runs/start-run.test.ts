import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('a task run that is told of when it is over, on %s', (dialect) => {
  let server: TestServer
  let flowRunId: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    const flow = (await server.call('POST', '/flows/', { name: 'f' })).body
    const flowRun = { flow_id: flow.id, state: { type: 'RUNNING' } }
    flowRunId = (await server.call('POST', '/flow_runs/', flowRun)).body.id
  })
  afterEach(() => server.close())

  const identified = (type: string) => ({
    type,
    state_details: { transition_id: crypto.randomUUID() },
  })
  const body = (end: ReturnType<typeof identified> | null, taskRun: object = {}) => ({
    task_run: { flow_run_id: flowRunId, task_key: 'k', dynamic_key: '0', ...taskRun },
    state: identified('RUNNING'),
    end,
    age_seconds: 2.5,
  })
  const start = (given: object) => server.call('POST', '/task_runs/start', given)
  const read = async (id: string) => (await server.call('GET', `/task_runs/${id}`)).body
  const states = async (id: string) =>
    (await server.call('GET', `/task_run_states/?task_run_id=${id}`)).body.map(
      ({ name }: { name: string }) => name,
    )
  const setFlowRun = (type: string) =>
    server.call('POST', `/flow_runs/${flowRunId}/set_state`, { state: { type }, force: true })

  test('keeps both states, and the time that its function took', async () => {
    const { status, body: answer } = await start(body(identified('COMPLETED')))
    expect(status).toBe(201)
    expect(answer).toMatchObject({
      task_run: { state_type: 'PENDING' },
      result: { status: 'ACCEPT', state: { type: 'RUNNING' } },
      end: { status: 'ACCEPT', state: { type: 'COMPLETED' } },
      flow_run_state_type: 'RUNNING',
    })
    const run = await read(answer.task_run.id)
    expect(run).toMatchObject({ state_type: 'COMPLETED', run_count: 1, flow_run_run_count: 1 })
    expect(run.total_run_time).toBeCloseTo(2.5, 1)
    expect(Date.parse(run.end_time) - Date.parse(run.start_time)).toBeCloseTo(2500, -2)
    expect(await states(run.id)).toEqual(['Pending', 'Running', 'Completed'])
  })

  test('is answered as it is when the same is sent again', async () => {
    const given = body(identified('COMPLETED'))
    const { id } = (await start(given)).body.task_run
    expect(await start(given)).toMatchObject({
      status: 200,
      body: { result: null, end: null, task_run: { id, state: { state_details: given.end?.state_details } } },
    })
    expect(await states(id)).toHaveLength(3)
  })

  test('is tried again when it failed and may be', async () => {
    const policy = { retries: 1, retry_delay: 0 }
    const { body: answer } = await start(body(identified('FAILED'), { empirical_policy: policy }))
    expect(answer.end).toMatchObject({ status: 'REJECT', state: { name: 'AwaitingRetry' } })
    expect(await states(answer.task_run.id)).toEqual(['Pending', 'Running', 'AwaitingRetry'])
  })

  test.each(['CANCELLED', 'PAUSED'])('has not ended when its flow run is %s', async (type) => {
    await setFlowRun(type)
    const { body: answer } = await start(body(identified('COMPLETED')))
    expect(answer.result.status).not.toBe('ACCEPT')
    expect(answer).toMatchObject({ end: null, flow_run_state_type: type })
    expect(await states(answer.task_run.id)).not.toContain('Completed')
  })

  test('gives the slots of its tags back', async () => {
    await server.call('POST', '/concurrency_limits/', { tag: 'scarce', concurrency_limit: 1 })
    const ids = []
    for (const dynamic_key of ['0', '1']) {
      const { body: answer } = await start(body(identified('COMPLETED'), { dynamic_key, tags: ['scarce'] }))
      expect(answer).toMatchObject({ result: { status: 'ACCEPT' }, end: { status: 'ACCEPT' } })
      ids.push(answer.task_run.id)
    }
    for (const id of ids) expect(await states(id)).toEqual(['Pending', 'Running', 'Completed'])
    const limit = (await server.call('GET', '/concurrency_limits/tag/scarce')).body
    expect(limit.active_slots).toEqual([])
  })

  test('an age below zero or beyond an hour is refused', async () => {
    for (const age_seconds of [-1, 3601])
      expect(await start({ ...body(null), age_seconds })).toMatchObject({ status: 422 })
  })
})
