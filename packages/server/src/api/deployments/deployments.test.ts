import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('deployments on %s', (dialect) => {
  let server: TestServer
  let flow_id: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    flow_id = (await server.call('POST', '/flows/', { name: 'f', labels: { of: 'flow' } })).body.id
  })
  afterEach(() => server.close())

  const deploy = (more = {}) => server.call('POST', '/deployments/', { name: 'd', flow_id, ...more })
  const start = async (id: string, more = {}) =>
    server.call('POST', `/deployments/${id}/create_flow_run`, more)
  const propose = async (id: string, type: string) =>
    (await server.call('POST', `/flow_runs/${id}/set_state`, { state: { type } })).body

  test('a deployment is made once; the next time its given keys are replaced and the others kept', async () => {
    const first = await deploy({ description: 'one', path: '/p', tags: ['a'] })
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'NOT_READY', enforce_parameter_schema: true },
    })
    const again = await deploy({ description: 'two' })
    expect(again).toMatchObject({
      status: 200,
      body: { id: first.body.id, description: 'two', path: '/p', tags: ['a'], labels: { of: 'flow' } },
    })
    expect((await server.call('GET', '/deployments/name/f/d')).body).toEqual(again.body)
    expect((await server.call('POST', '/deployments/filter', {})).body).toEqual([again.body])
    expect((await server.call('POST', '/deployments/count', {})).body).toBe(1)
  })

  // As 3.8.8 answers, field by field.
  const full = {
    version: '1',
    description: 'text',
    tags: ['a'],
    parameters: { n: 1 },
    parameter_openapi_schema: { type: 'object', properties: { n: { type: 'integer' } } },
    path: '/p',
    entrypoint: 'f.py:f',
    pull_steps: [{ a: { b: 1 } }],
    job_variables: { k: 'v' },
    concurrency_options: { collision_strategy: 'CANCEL_NEW', grace_period_seconds: null },
    paused: true,
    enforce_parameter_schema: false,
  }
  test.each([
    [{}, {}],
    [{ version: null }, { version: null }],
    [{ description: '' }, { description: '' }],
    [{ tags: [] }, { tags: [] }],
    [
      { path: null, entrypoint: null },
      { path: null, entrypoint: null },
    ],
    [{ pull_steps: null }, { pull_steps: null }],
    [{ pull_steps: [] }, { pull_steps: [] }],
    [{ job_variables: {} }, { job_variables: {} }],
    [{ parameter_openapi_schema: null }, { parameter_openapi_schema: null }],
    [{ parameter_openapi_schema: {} }, { parameter_openapi_schema: { type: 'object', properties: {} } }],
    [{ concurrency_options: null }, { concurrency_options: null }],
    [
      { paused: false, enforce_parameter_schema: true },
      { paused: false, enforce_parameter_schema: true },
    ],
  ])('made again with %j it has lost parameters and labels of before, and that', async (given, changed) => {
    await deploy({ ...full, labels: { x: 'y' } })
    const again = await deploy(given)
    expect(again).toMatchObject({ status: 200, body: { ...full, parameters: {}, ...changed } })
    expect(again.body.labels).toEqual({ of: 'flow', 'prefect.flow.id': flow_id })
  })

  test('what is not there yet is refused, not dropped', async () => {
    const schedule = { cron: '0 0 * * *', timezone: 'UTC' }
    expect((await deploy({ schedules: [{ schedule }] })).status).toBe(422)
    expect(await deploy({ work_pool_name: 'p' })).toMatchObject({
      status: 404,
      body: { detail: 'Work pool "p" not found.' },
    })
    expect((await deploy({ flow_id: crypto.randomUUID() })).status).toBe(409)
    expect((await server.call('POST', '/deployments/count', {})).body).toBe(0)
  })

  test('a deployment is paused and resumed without touching the rest of it', async () => {
    const { body } = await deploy({ tags: ['a'], parameters: { x: 1 } })
    const read = async () => (await server.call('GET', `/deployments/${body.id}`)).body
    expect(await server.call('POST', `/deployments/${body.id}/pause_deployment`)).toMatchObject({
      status: 200,
      body: null,
    })
    expect(await read()).toMatchObject({ paused: true, tags: ['a'], parameters: { x: 1 } })
    await server.call('POST', `/deployments/${body.id}/resume_deployment`)
    expect(await read()).toMatchObject({ paused: false })
    const unknown = await server.call('POST', `/deployments/${crypto.randomUUID()}/pause_deployment`)
    expect(unknown).toMatchObject({ status: 404, body: { detail: 'Deployment not found' } })
  })

  test('a run takes over tags, labels, version and parameters, which are checked', async () => {
    const parameter_openapi_schema = {
      type: 'object',
      properties: { x: { type: 'integer' }, y: { type: 'integer' } },
      required: ['x'],
    }
    const { body } = await deploy({
      version: 'v',
      tags: ['a'],
      parameters: { y: 2 },
      parameter_openapi_schema,
    })
    const run = await start(body.id, { parameters: { x: 1 }, tags: ['b'] })
    expect(run).toMatchObject({
      status: 201,
      body: {
        deployment_id: body.id,
        deployment_version: 'v',
        parameters: { x: 1, y: 2 },
        state_type: 'SCHEDULED',
        labels: { of: 'flow', 'prefect.deployment.id': body.id },
      },
    })
    expect(run.body.tags.toSorted()).toEqual(['a', 'b'])
    expect((await start(body.id, { parameters: { x: 'no' } })).status).toBe(409)
    expect((await start(body.id, {})).status).toBe(409)
    expect((await start(crypto.randomUUID())).status).toBe(404)
  })

  test('of two runs of a deployment that allows one, the second waits until the first is over', async () => {
    const { body } = await deploy({ concurrency_limit: 1 })
    expect(body.global_concurrency_limit).toMatchObject({ limit: 1, active_slots: 0 })
    const [first, second] = [(await start(body.id)).body.id, (await start(body.id)).body.id]
    expect(await propose(first, 'PENDING')).toMatchObject({ status: 'ACCEPT' })
    expect(await propose(second, 'PENDING')).toMatchObject({
      status: 'REJECT',
      state: { type: 'SCHEDULED', name: 'AwaitingConcurrencySlot' },
    })
    const waiting = (await server.call('GET', `/flow_runs/${second}/waiting`)).body
    expect(waiting.reasons.map((reason: { kind: string }) => reason.kind)).toEqual(['scheduled', 'limit'])
    await propose(first, 'RUNNING')
    await propose(first, 'COMPLETED')
    expect(await propose(second, 'PENDING')).toMatchObject({ status: 'ACCEPT' })
  })

  test('a deployment takes its runs that have not started with it, and leaves the others', async () => {
    const { body } = await deploy({ concurrency_limit: 1 })
    const [started, waiting] = [(await start(body.id)).body.id, (await start(body.id)).body.id]
    await propose(started, 'PENDING')
    await propose(started, 'RUNNING')
    expect((await server.call('DELETE', `/deployments/${body.id}`)).status).toBe(204)
    expect((await server.call('GET', `/flow_runs/${started}`)).status).toBe(200)
    expect((await server.call('GET', `/flow_runs/${waiting}`)).status).toBe(404)
    expect((await server.call('DELETE', `/deployments/${body.id}`)).status).toBe(404)
    expect((await server.call('POST', '/v2/concurrency_limits/filter', {})).body).toEqual([])
    expect(await propose(started, 'COMPLETED')).toMatchObject({ status: 'ACCEPT' })
  })
})
