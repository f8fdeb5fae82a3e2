import { Flow } from '@reeve/schemas/flow'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const UNKNOWN = 'ffffffff-0000-4000-8000-000000000000'

describe.each(DIALECTS)('flows over HTTP on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const create = async (name: string, more: object = {}) =>
    (await server.call('POST', '/flows/', { name, ...more })).body as Flow
  const names = (flows: Flow[]) => flows.map(({ name }) => name)

  test('a flow is registered once, and answered unchanged the next time', async () => {
    const first = await server.call('POST', '/flows/', { name: 'etl', tags: ['a'], labels: { n: 1 } })
    const again = await server.call('POST', '/flows/', { name: 'etl', tags: ['b'] })
    expect(first.status).toBe(201)
    expect(Flow.strict().parse(first.body)).toMatchObject({ name: 'etl', tags: ['a'], labels: { n: 1 } })
    expect(again).toMatchObject({ status: 200, body: first.body })
  })

  test('twenty clients that register one flow at once get one flow', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.call('POST', '/flows/', { name: 'etl' })),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  test('a flow is read by id and by name', async () => {
    const flow = await create('a flow')
    expect((await server.call('GET', `/flows/${flow.id}`)).body).toEqual(flow)
    expect((await server.call('GET', '/flows/name/a%20flow')).body).toEqual(flow)
  })

  test.each([
    ['GET', `/flows/${UNKNOWN}`, undefined],
    ['GET', '/flows/name/nobody', undefined],
    ['PATCH', `/flows/${UNKNOWN}`, { tags: [] }],
    ['DELETE', `/flows/${UNKNOWN}`, undefined],
  ])('%s %s of an unknown flow is 404', async (method, path, body) => {
    expect(await server.call(method, path, body)).toMatchObject({
      status: 404,
      body: { detail: 'Flow not found' },
    })
  })

  test('a patch replaces the tags and moves `updated`', async () => {
    const flow = await create('etl', { tags: ['a'] })
    server.clock.advance(60)
    expect((await server.call('PATCH', `/flows/${flow.id}`, { tags: ['b'] })).status).toBe(204)
    const { body } = await server.call('GET', `/flows/${flow.id}`)
    expect(body.tags).toEqual(['b'])
    expect(Date.parse(body.updated) - Date.parse(flow.updated)).toBeGreaterThanOrEqual(60_000)
  })

  test('lists are sorted, cut and paged', async () => {
    for (const name of ['b', 'c', 'a']) {
      await create(name)
      server.clock.advance(1)
    }
    const filter = async (body: object) => names((await server.call('POST', '/flows/filter', body)).body)
    expect(await filter({})).toEqual(['a', 'b', 'c'])
    expect(await filter({ sort: 'NAME_DESC', limit: 2 })).toEqual(['c', 'b'])
    expect(await filter({ sort: 'CREATED_DESC', limit: 1, offset: 1 })).toEqual(['c'])
    expect(await filter({ limit: 0 })).toEqual([])
    const page = (await server.call('POST', '/flows/paginate', { limit: 2, page: 2 })).body
    expect(page).toMatchObject({ count: 3, pages: 2, page: 2, limit: 2 })
    expect(names(page.results)).toEqual(['c'])
    expect((await server.call('POST', '/flows/paginate', { limit: 0 })).body).toMatchObject({ pages: 0 })
    expect((await server.call('POST', '/flows/count', { flows: { name: { any_: ['a', 'x'] } } })).body).toBe(
      1,
    )
  })

  test('a limit out of bounds is refused in words that clients look for', async () => {
    const { status, body } = await server.call('POST', '/flows/filter', { limit: 201 })
    expect({ status, body }).toEqual({
      status: 422,
      body: { detail: 'Invalid limit: must be less than or equal to 200.' },
    })
  })

  test('deleting a flow takes its runs, their task runs and logs with it, and leaves subflows of others', async () => {
    const flow = await create('doomed')
    const other = await create('other')
    const run = (await server.call('POST', '/flow_runs/', { flow_id: flow.id })).body
    const task = (
      await server.call('POST', '/task_runs/', { flow_run_id: run.id, task_key: 't', dynamic_key: '0' })
    ).body
    const subflow = (
      await server.call('POST', '/flow_runs/', { flow_id: other.id, parent_task_run_id: task.id })
    ).body
    const line = { name: 'x', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z' }
    await server.call('POST', '/logs/', [
      { ...line, flow_run_id: run.id },
      { ...line, flow_run_id: subflow.id },
    ])
    expect((await server.call('DELETE', `/flows/${flow.id}`)).status).toBe(204)
    expect((await server.call('GET', `/flow_runs/${run.id}`)).status).toBe(404)
    expect((await server.call('GET', `/task_runs/${task.id}`)).status).toBe(404)
    expect((await server.call('GET', `/flow_runs/${subflow.id}`)).body.parent_task_run_id).toBe(null)
    const logs = (await server.call('POST', '/logs/filter', {})).body
    expect(logs.map((log: { flow_run_id: string }) => log.flow_run_id)).toEqual([subflow.id])
  })

  test('a bulk delete takes the first flows by name, no more than asked', async () => {
    const made = [await create('b'), await create('a'), await create('c')]
    const { body } = await server.call('POST', '/flows/bulk_delete', { limit: 2 })
    expect(body).toEqual({ deleted: [made[1]?.id, made[0]?.id] })
    expect(names((await server.call('POST', '/flows/filter', {})).body)).toEqual(['c'])
    expect((await server.call('POST', '/flows/bulk_delete', { limit: 51 })).status).toBe(422)
  })
})
