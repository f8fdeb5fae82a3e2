import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('why a run waits, on %s', (dialect) => {
  let server: TestServer
  let flowId: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    flowId = (await server.call('POST', '/flows/', { name: 'f' })).body.id
  })
  afterEach(() => server.close())

  const flowRun = async (type: string, state = {}) =>
    (await server.call('POST', '/flow_runs/', { flow_id: flowId, state: { type, ...state } })).body
      .id as string
  const taskRun = async (flow_run_id: string | null, more = {}) =>
    (
      await server.call('POST', '/task_runs/', {
        flow_run_id,
        task_key: 'k',
        dynamic_key: crypto.randomUUID(),
        ...more,
      })
    ).body.id as string
  const propose = (noun: string, id: string, type: string, more = {}) =>
    server.call('POST', `/${noun}/${id}/set_state`, { state: { type, ...more } })
  const waiting = async (noun: string, id: string) =>
    (await server.call('GET', `/${noun}/${id}/waiting`)).body

  test('a running run waits for nothing, and neither does one that is over', async () => {
    const run = await flowRun('RUNNING')
    expect(await waiting('flow_runs', run)).toMatchObject({ waiting: false, reasons: [] })
    await propose('flow_runs', run, 'COMPLETED')
    expect(await waiting('flow_runs', run)).toMatchObject({
      waiting: false,
      state_type: 'COMPLETED',
      reasons: [],
    })
  })

  test('a scheduled run says when it is due, and afterwards who has not started it', async () => {
    const state_details = { scheduled_time: '2026-01-01T01:00:00Z' }
    const run = await flowRun('SCHEDULED', { state_details })
    const before = await waiting('flow_runs', run)
    expect(before.reasons).toMatchObject([{ kind: 'scheduled', scheduled_time: '2026-01-01T01:00:00Z' }])
    expect(before.reasons[0].seconds).toBeCloseTo(3600, 0)
    server.clock.advance(4000)
    expect((await waiting('flow_runs', run)).reasons).toMatchObject([{ kind: 'client' }])
  })

  test('a task run behind a full tag limit names the limit, its holder and the place in line', async () => {
    await server.call('POST', '/concurrency_limits/', { tag: 'scarce', concurrency_limit: 1 })
    const parent = await flowRun('RUNNING')
    const [holder, first, second] = [
      await taskRun(parent, { tags: ['scarce'] }),
      await taskRun(parent, { tags: ['scarce'] }),
      await taskRun(parent, { tags: ['scarce'] }),
    ]
    await propose('task_runs', holder, 'RUNNING')
    expect((await waiting('task_runs', first)).reasons).toMatchObject([
      {
        kind: 'limit',
        limit_name: 'tag:scarce',
        limit: 1,
        active_slots: 1,
        position: 1,
        holders: [{ id: holder }],
      },
    ])
    expect((await waiting('task_runs', second)).reasons).toMatchObject([{ kind: 'limit', position: 2 }])
    await propose('task_runs', holder, 'COMPLETED')
    expect((await waiting('task_runs', second)).reasons).toMatchObject([{ kind: 'client' }])
  })

  test('a task run of a flow run that does not run says so', async () => {
    const parent = await flowRun('PENDING')
    const run = await taskRun(parent)
    expect((await waiting('task_runs', run)).reasons).toMatchObject([
      { kind: 'parent', flow_run_id: parent, state_type: 'PENDING' },
    ])
  })

  test('a paused run tells until when, and which input it asks for', async () => {
    const run = await flowRun('RUNNING')
    const state_details = {
      pause_key: 'p',
      pause_timeout: '2026-01-01T02:00:00Z',
      run_input_keyset: { schema: 's', response: 'r' },
    }
    await propose('flow_runs', run, 'PAUSED', { state_details })
    expect((await waiting('flow_runs', run)).reasons).toMatchObject([
      {
        kind: 'paused',
        pause_key: 'p',
        until: '2026-01-01T02:00:00Z',
        input: { schema: 's', response: 'r' },
      },
    ])
  })

  test('a background task run says that no worker serves it', async () => {
    const run = await taskRun(null, { state: { type: 'SCHEDULED', state_details: { deferred: true } } })
    expect((await waiting('task_runs', run)).reasons).toMatchObject([
      { kind: 'worker', task_key: 'k', workers: [] },
    ])
  })

  test('a run that is not there is 404', async () => {
    expect((await server.call('GET', `/task_runs/${crypto.randomUUID()}/waiting`)).status).toBe(404)
  })
})
