import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const run = (digit: number) => `${digit}1111111-1111-4111-8111-111111111111`

describe.each(DIALECTS)('tag limits on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const post = (path: string, body: object) => server.call('POST', `/concurrency_limits/${path}`, body)
  const put = (tag: string, concurrency_limit: number) => post('', { tag, concurrency_limit })
  const read = async (tag: string) => (await server.call('GET', `/concurrency_limits/tag/${tag}`)).body
  const slots = async (tag: string) =>
    (await server.call('GET', `/v2/concurrency_limits/tag:${tag}`)).body.active_slots
  const take = (names: string[], task_run_id: string) => post('increment', { names, task_run_id })

  test('the limit of a tag is created once and then changed', async () => {
    const first = await put('big', 1)
    expect(first).toMatchObject({ status: 201, body: { tag: 'big', concurrency_limit: 1, active_slots: [] } })
    const second = await put('big', 2)
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, concurrency_limit: 2 } })
    expect(await read('big')).toEqual(second.body)
    expect((await server.call('GET', `/concurrency_limits/${first.body.id}`)).body).toEqual(second.body)
  })

  test('a limit below 0 is refused', async () => {
    expect((await put('big', -1)).status).toBe(422)
  })

  test('only limits on tags are listed, page by page', async () => {
    await server.call('POST', '/v2/concurrency_limits/', { name: 'database', limit: 1 })
    await Promise.all([put('b', 1), put('a', 1), put('c', 1)])
    const tags = async (page: object) =>
      (await post('filter', page)).body.map(({ tag }: { tag: string }) => tag)
    expect(await tags({})).toEqual(['a', 'b', 'c'])
    expect(await tags({ limit: 1, offset: 1 })).toEqual(['b'])
  })

  test('a limit that is not on a tag is not found here', async () => {
    const { body } = await server.call('POST', '/v2/concurrency_limits/', { name: 'database', limit: 1 })
    expect((await server.call('GET', `/concurrency_limits/${body.id}`)).status).toBe(404)
    expect((await server.call('DELETE', `/concurrency_limits/${body.id}`)).status).toBe(404)
    expect((await server.call('GET', '/v2/concurrency_limits/database')).status).toBe(200)
  })

  test('task runs take and give back the slots of their tags', async () => {
    await Promise.all([put('a', 1), put('b', 2)])
    const taken = await take(['a', 'b', 'free'], run(1))
    expect(taken.body.map(({ name }: { name: string }) => name)).toEqual(['a', 'b'])
    expect((await read('a')).active_slots).toEqual([run(1)])
    const refused = await take(['a', 'b'], run(2))
    expect(refused.status).toBe(423)
    expect(refused.headers['retry-after']).toBe('10')
    expect((await read('b')).active_slots).toEqual([run(1)])
    await post('decrement', { names: ['a', 'b'], task_run_id: run(1), occupancy_seconds: 1 })
    expect((await read('a')).active_slots).toEqual([])
    expect((await take(['a', 'b'], run(2))).status).toBe(200)
  })

  test('a limit of 0 bars for good: nothing says when to try again', async () => {
    await put('a', 0)
    const { status, headers } = await take(['a'], run(1))
    expect(status).toBe(423)
    expect(headers).not.toHaveProperty('retry-after')
  })

  test('a reset frees the slots, and those of other tags stay', async () => {
    await Promise.all([put('a', 1), put('b', 1)])
    await take(['a', 'b'], run(1))
    expect(await post('tag/a/reset', {})).toMatchObject({ status: 200, body: null })
    expect(await slots('a')).toBe(0)
    expect((await read('a')).active_slots).toEqual([])
    expect((await read('b')).active_slots).toEqual([run(1)])
    await post('decrement', { names: ['b'], task_run_id: run(1) })
    expect(await Promise.all(['a', 'b'].map(slots))).toEqual([0, 0])
  })

  test('a reset gives a slot to each of the named task runs', async () => {
    await put('a', 1)
    await post('tag/a/reset', { slot_override: [run(2), run(3), run(2)] })
    expect((await read('a')).active_slots.toSorted()).toEqual([run(2), run(3)])
    expect(await slots('a')).toBe(2)
  })

  test('a deleted limit limits nothing', async () => {
    await put('a', 1)
    await take(['a'], run(1))
    expect(await server.call('DELETE', '/concurrency_limits/tag/a')).toMatchObject({
      status: 200,
      body: null,
    })
    expect((await server.call('DELETE', '/concurrency_limits/tag/a')).status).toBe(404)
    expect((await take(['a'], run(2))).body).toEqual([])
  })
})
