import { TaskRun, TaskRunListItem } from '@reeve/schemas/task-run'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const UNKNOWN = 'ffffffff-0000-4000-8000-000000000000'

describe.each(DIALECTS)('task runs over HTTP on %s', (dialect) => {
  let server: TestServer
  let runId: string
  let made = 0
  beforeEach(async () => {
    server = await createTestServer(dialect)
    const flow = (await server.call('POST', '/flows/', { name: 'a flow' })).body
    runId = (await server.call('POST', '/flow_runs/', { flow_id: flow.id })).body.id
  })
  afterEach(() => server.close())

  const create = async (more: object = {}) => {
    const body = { flow_run_id: runId, task_key: 't', dynamic_key: String(made++), ...more }
    return (await server.call('POST', '/task_runs/', body)).body as TaskRun
  }

  test('a run reads back as it was created', async () => {
    const run = await create({ name: 'r', tags: ['a'], task_inputs: { x: [{ name: 'p' }] } })
    const { body } = await server.call('GET', `/task_runs/${run.id}`)
    expect(TaskRun.strict().parse(body)).toEqual({ ...run, estimated_start_time_delta: expect.any(Number) })
  })

  test.each([
    ['GET', undefined, 'Task not found'],
    ['DELETE', undefined, 'Task not found'],
    ['PATCH', { name: 'x' }, 'Task run not found'],
  ])('%s of an unknown run is 404', async (method, body, detail) => {
    expect(await server.call(method, `/task_runs/${UNKNOWN}`, body)).toMatchObject({
      status: 404,
      body: { detail },
    })
  })

  test('a run is renamed; an empty patch changes nothing', async () => {
    const run = await create({ name: 'r' })
    await server.call('PATCH', `/task_runs/${run.id}`, {})
    expect((await server.call('GET', `/task_runs/${run.id}`)).body.name).toBe('r')
    await server.call('PATCH', `/task_runs/${run.id}`, { name: 'new' })
    expect((await server.call('GET', `/task_runs/${run.id}`)).body.name).toBe('new')
  })

  test('lists take filters of their own and of related nouns', async () => {
    const runs = [(await create({ name: 'a' })).id, (await create({ name: 'b', flow_run_id: null })).id]
    const list = async (body: object) =>
      (await server.call('POST', '/task_runs/filter', { sort: 'NAME_ASC', ...body })).body.map(
        ({ id }: TaskRun) => id,
      )
    expect(await list({})).toEqual(runs)
    expect(await list({ flow_runs: {} })).toEqual([runs[0]])
    expect(await list({ flow_runs: { id: { any_: [runId] } } })).toEqual([runs[0]])
    expect(await list({ task_runs: { flow_run_id: { is_null_: true } } })).toEqual([runs[1]])
    expect((await server.call('POST', '/task_runs/count', { flows: { name: { any_: ['x'] } } })).body).toBe(0)
  })

  test('pages hold the shorter form', async () => {
    await create()
    const { body } = await server.call('POST', '/task_runs/paginate', {})
    expect(body).toMatchObject({ count: 1, pages: 1, page: 1, limit: 200 })
    expect(TaskRunListItem.strict().parse(body.results[0])).toEqual(body.results[0])
  })

  test('deleting a run removes its states and logs and frees its subflow', async () => {
    const run = await create()
    const flow = (await server.call('GET', `/flow_runs/${runId}`)).body.flow_id
    const subflow = (await server.call('POST', '/flow_runs/', { flow_id: flow, parent_task_run_id: run.id }))
      .body
    const line = { name: 'x', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z' }
    await server.call('POST', '/logs/', [{ ...line, task_run_id: run.id }, line])
    expect((await server.call('DELETE', `/task_runs/${run.id}`)).status).toBe(204)
    expect((await server.call('GET', `/task_run_states/?task_run_id=${run.id}`)).body).toEqual([])
    expect((await server.call('GET', `/flow_runs/${subflow.id}`)).body.parent_task_run_id).toBe(null)
    expect((await server.call('POST', '/logs/filter', {})).body).toHaveLength(1)
  })

  test('deleting a run gives its tag slots back', async () => {
    await server.call('POST', '/concurrency_limits/', { tag: 'scarce', concurrency_limit: 1 })
    const run = await create({ tags: ['scarce'] })
    await server.call('POST', `/flow_runs/${runId}/set_state`, { state: { type: 'RUNNING' } })
    await server.call('POST', `/task_runs/${run.id}/set_state`, { state: { type: 'RUNNING' } })
    const held = async () => (await server.call('GET', '/concurrency_limits/tag/scarce')).body.active_slots
    expect(await held()).toEqual([run.id])
    await server.call('DELETE', `/task_runs/${run.id}`)
    expect(await held()).toEqual([])
    const slots = (await server.call('GET', '/v2/concurrency_limits/tag:scarce')).body.active_slots
    expect(slots).toBe(0)
  })

  test('states are listed oldest first and read by id', async () => {
    const run = await create({ state: { type: 'PENDING' } })
    await server.call('POST', `/task_runs/${run.id}/set_state`, { state: { type: 'RUNNING' }, force: true })
    const states = (await server.call('GET', `/task_run_states/?task_run_id=${run.id}`)).body
    expect(states.map((state: { type: string }) => state.type)).toEqual(['PENDING', 'RUNNING'])
    expect((await server.call('GET', `/task_run_states/${states[0].id}`)).body).toEqual(states[0])
    expect((await server.call('GET', `/task_run_states/${UNKNOWN}`)).status).toBe(404)
  })
})
