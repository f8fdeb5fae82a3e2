import { FlowRun } from '@reeve/schemas/flow-run'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { filledRow } from '../../../tests/helpers/run-rows.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'
import { insertRows } from '../../database/bulk.ts'

const UNKNOWN = 'ffffffff-0000-4000-8000-000000000000'
const SCHEDULED = { type: 'SCHEDULED', state_details: { scheduled_time: '2026-01-02T00:00:00Z' } }

describe.each(DIALECTS)('flow runs over HTTP on %s', (dialect) => {
  let server: TestServer
  let flowId: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    flowId = (await server.call('POST', '/flows/', { name: 'a flow' })).body.id
  })
  afterEach(() => server.close())

  const create = async (more: object = {}) =>
    (await server.call('POST', '/flow_runs/', { flow_id: flowId, ...more })).body as FlowRun
  const read = async (id: string) => (await server.call('GET', `/flow_runs/${id}`)).body as FlowRun
  const patch = (id: string, body: object) => server.call('PATCH', `/flow_runs/${id}`, body)

  test('a run reads back as it was created', async () => {
    const run = await create({ name: 'r', tags: ['t'], parameters: { a: [1, null] }, labels: { k: true } })
    const { status, body } = await server.call('GET', `/flow_runs/${run.id}`)
    expect(status).toBe(200)
    expect(FlowRun.strict().parse(body)).toEqual({ ...run, estimated_start_time_delta: expect.any(Number) })
    expect(body.state).toMatchObject({ type: 'PENDING', state_details: { flow_run_id: run.id } })
  })

  test.each([
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['PATCH', '', { name: 'x' }],
    ['PATCH', '', { job_variables: {} }],
    ['GET', '/logs/download', undefined],
    ['POST', '/input', { key: 'k', value: '1' }],
  ])('%s …%s of an unknown run is 404', async (method, path, body) => {
    expect(await server.call(method, `/flow_runs/${UNKNOWN}${path}`, body)).toMatchObject({
      status: 404,
      body: { detail: 'Flow run not found' },
    })
  })

  test.each(['/graph', '/graph-v2'])(
    '%s of an unknown run is 404 in the words of the models',
    async (path) => {
      const { status, body } = await server.call('GET', `/flow_runs/${UNKNOWN}${path}`)
      expect(status).toBe(404)
      expect(body.exception_message).toContain('not found')
    },
  )

  test("the present name of a run's queue wins over the one it was given", async () => {
    const pool = filledRow('work_pool', { name: 'pool', type: 'process' })
    const queue = filledRow('work_queue', { name: 'default', work_pool_id: pool.id })
    await server.context.database.write(async (session) => {
      await insertRows(session, 'work_pool', [pool])
      await insertRows(session, 'work_queue', [queue])
    })
    const run = await create({ work_pool_name: 'pool' })
    await server.context.database.write((session) =>
      session.run(session.build.updateTable('work_queue').set({ name: 'renamed' })),
    )
    expect(await read(run.id)).toMatchObject({
      work_queue_id: queue.id,
      work_queue_name: 'renamed',
      work_pool_id: pool.id,
      work_pool_name: 'pool',
    })
  })

  test('a patch writes only what it names', async () => {
    const run = await create({ name: 'r', tags: ['t'], parameters: { a: 1 } })
    expect((await patch(run.id, { flow_version: 'v2', empirical_policy: { retries: 3 } })).status).toBe(204)
    const after = await read(run.id)
    expect(after).toMatchObject({ name: 'r', tags: ['t'], parameters: { a: 1 }, flow_version: 'v2' })
    expect(after.empirical_policy.retries).toBe(3)
  })

  test('a null name is replaced by a new one', async () => {
    const run = await create({ name: 'r' })
    await patch(run.id, { name: null })
    expect((await read(run.id)).name).toMatch(/^[a-z]+-[a-z]+$/)
  })

  test('labels are merged, one level deep', async () => {
    const run = await create({ labels: { a: 1, b: 2 } })
    expect((await server.call('PATCH', `/flow_runs/${run.id}/labels`, { b: 3, c: 'x' })).status).toBe(204)
    expect((await read(run.id)).labels).toMatchObject({ a: 1, b: 3, c: 'x' })
    expect((await server.call('PATCH', `/flow_runs/${UNKNOWN}/labels`, {})).body).toHaveProperty(
      'exception_message',
    )
  })

  test('job variables change only while the run is scheduled from a deployment', async () => {
    const pending = await create()
    expect(await patch(pending.id, { job_variables: { a: 1 } })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('PENDING') },
    })
    const loose = await create({ state: SCHEDULED })
    expect((await patch(loose.id, { job_variables: { a: 1 } })).status).toBe(400)
    const deployment = filledRow('deployment', { name: 'd', flow_id: flowId, work_queue_id: null })
    await server.context.database.write((session) => insertRows(session, 'deployment', [deployment]))
    const deployed = await create({ state: SCHEDULED, deployment_id: deployment.id })
    expect((await patch(deployed.id, { job_variables: { a: 1 } })).status).toBe(204)
    expect((await read(deployed.id)).job_variables).toEqual({ a: 1 })
    await patch(deployed.id, { job_variables: null })
    expect((await read(deployed.id)).job_variables).toBe(null)
  })

  test('pages count all and hold their part', async () => {
    const runs = [await create({ name: 'a' }), await create({ name: 'b' }), await create({ name: 'c' })]
    const { body } = await server.call('POST', '/flow_runs/paginate', { sort: 'NAME_ASC', limit: 2, page: 2 })
    expect(body).toMatchObject({ count: 3, limit: 2, pages: 2, page: 2 })
    expect(body.results.map(({ id }: FlowRun) => id)).toEqual([runs[2]?.id])
    expect((await server.call('POST', '/flow_runs/paginate', { limit: 2, page: 9 })).body.results).toEqual([])
  })

  test('deleting a run removes its task runs, states, inputs and logs', async () => {
    const run = await create()
    const kept = await create()
    const task = (
      await server.call('POST', '/task_runs/', { flow_run_id: run.id, task_key: 't', dynamic_key: '0' })
    ).body
    const subflow = await create({ parent_task_run_id: task.id })
    await server.call('POST', `/flow_runs/${run.id}/input`, { key: 'k', value: '1' })
    const line = { name: 'x', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z' }
    await server.call('POST', '/logs/', [
      { ...line, flow_run_id: run.id },
      { ...line, flow_run_id: kept.id },
    ])
    expect((await server.call('DELETE', `/flow_runs/${run.id}`)).status).toBe(204)
    expect((await server.call('DELETE', `/flow_runs/${run.id}`)).status).toBe(404)
    expect((await server.call('GET', `/task_runs/${task.id}`)).status).toBe(404)
    expect((await server.call('GET', `/flow_run_states/?flow_run_id=${run.id}`)).body).toEqual([])
    expect((await server.call('GET', `/flow_runs/${run.id}/input/k`)).status).toBe(404)
    expect((await server.call('POST', '/logs/filter', {})).body).toHaveLength(1)
    expect((await read(subflow.id)).parent_task_run_id).toBe(null)
  })

  test('a bulk delete takes the newest ids that match', async () => {
    const runs = [await create({ tags: ['x'] }), await create(), await create({ tags: ['x'] })]
    const body = { flow_runs: { tags: { all_: ['x'] } } }
    const deleted = (await server.call('POST', '/flow_runs/bulk_delete', body)).body.deleted
    expect(deleted).toEqual([runs[2]?.id, runs[0]?.id].sort().reverse())
    expect((await server.call('POST', '/flow_runs/count', {})).body).toBe(1)
  })

  test('states are listed oldest first and read by id', async () => {
    const run = await create()
    for (const type of ['RUNNING', 'COMPLETED']) {
      await server.call('POST', `/flow_runs/${run.id}/set_state`, { state: { type } })
    }
    const states = (await server.call('GET', `/flow_run_states/?flow_run_id=${run.id}`)).body
    expect(states.map((state: { type: string }) => state.type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED'])
    expect((await server.call('GET', `/flow_run_states/${states[1].id}`)).body).toEqual(states[1])
    expect((await server.call('GET', `/flow_run_states/${UNKNOWN}`)).status).toBe(404)
    expect((await server.call('GET', '/flow_run_states/?flow_run_id=nonsense')).status).toBe(422)
  })

  test('logs are downloaded as CSV, oldest first, with what needs quoting quoted', async () => {
    const run = await create({ name: 'grüße' })
    const line = { name: 'x', level: 20, flow_run_id: run.id }
    await server.call('POST', '/logs/', [
      { ...line, message: 'second, "quoted"\nline', timestamp: '2026-01-01T00:00:01.5Z' },
      { ...line, message: 'first', timestamp: '2026-01-01T00:00:00Z', task_run_id: UNKNOWN },
    ])
    const { body, headers } = await server.call('GET', `/flow_runs/${run.id}/logs/download`)
    expect(body).toBe(
      [
        'timestamp,level,flow_run_id,task_run_id,message',
        `2026-01-01 00:00:00+00:00,20,${run.id},${UNKNOWN},first`,
        `2026-01-01 00:00:01.500000+00:00,20,${run.id},,"second, ""quoted""\nline"`,
        '',
      ].join('\r\n'),
    )
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toContain("filename*=UTF-8''gr%C3%BC%C3%9Fe-logs.csv")
  })

  test('a download of more lines than are read at once has each of them once', async () => {
    const run = await create()
    const lines = Array.from({ length: 2500 }, (_, index) => ({
      name: 'x',
      level: 20,
      flow_run_id: run.id,
      message: `line ${index}`,
      timestamp: '2026-01-01T00:00:00Z',
    }))
    await server.call('POST', '/logs/', lines)
    const { body } = await server.call('GET', `/flow_runs/${run.id}/logs/download`)
    const messages = (body as string)
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').at(-1))
    expect(messages).toHaveLength(2500)
    expect(new Set(messages)).toEqual(new Set(lines.map(({ message }) => message)))
  })

  test('inputs are handed over, listed by prefix, read as text and deleted', async () => {
    const run = await create()
    const path = `/flow_runs/${run.id}/input`
    for (const key of ['chat-1', 'chat-2', 'other']) {
      const answer = await server.call('POST', path, { key, value: `"${key}"`, sender: 'me' })
      expect(answer).toMatchObject({ status: 201, body: null })
    }
    expect((await server.call('POST', path, { key: 'other', value: '1' })).status).toBe(409)
    const list = async (body: object) =>
      (await server.call('POST', `${path}/filter`, body)).body.map((input: { key: string }) => input.key)
    expect(await list({ prefix: 'chat' })).toEqual(['chat-1'])
    expect(await list({ prefix: 'chat', limit: 10 })).toEqual(['chat-1', 'chat-2'])
    expect(await list({ prefix: 'chat', limit: 10, exclude_keys: ['chat-1'] })).toEqual(['chat-2'])
    const read = await server.call('GET', `${path}/chat-1`)
    expect(read.body).toBe('"chat-1"')
    expect(read.headers['content-type']).toMatch(/^text\/plain/)
    expect((await server.call('DELETE', `${path}/chat-1`)).status).toBe(204)
    expect((await server.call('DELETE', `${path}/chat-1`)).body).toEqual({
      detail: 'Flow run input not found',
    })
  })
})
