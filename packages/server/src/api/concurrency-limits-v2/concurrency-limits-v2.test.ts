import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const HOLDER = { type: 'task_run', id: '11111111-1111-4111-8111-111111111111' }

describe.each(DIALECTS)('limits on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const post = (path: string, body: object) => server.call('POST', `/v2/concurrency_limits/${path}`, body)
  const create = (name: string, limit: number, fields: object = {}) => post('', { name, limit, ...fields })
  const read = async (name: string) => (await server.call('GET', `/v2/concurrency_limits/${name}`)).body

  test('a limit is created with everything and read without its statistics', async () => {
    const { status, body } = await create('db', 2)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      created: expect.stringMatching(/^2026-01-01T00:00:00\.\d{6}Z$/),
      updated: body.created,
      active: true,
      name: 'db',
      limit: 2,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
      avg_slot_occupancy_seconds: 2,
    })
    const { denied_slots: _, avg_slot_occupancy_seconds: __, ...global } = body
    expect(await read('db')).toEqual(global)
    expect(await read(body.id)).toEqual(global)
    expect((await post('filter', {})).body).toEqual([global])
  })

  test('a taken name is a conflict', async () => {
    await create('db', 2)
    expect((await create('db', 3)).status).toBe(409)
    expect((await read('db')).limit).toBe(2)
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown limit is 404', async (method) => {
    const answer = await server.call(
      method,
      '/v2/concurrency_limits/none',
      method === 'PATCH' ? {} : undefined,
    )
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Concurrency Limit not found' } })
  })

  test('slots are taken of all limits or of none, and unknown names are passed over', async () => {
    await Promise.all([create('a', 1), create('b', 2)])
    const taken = await post('increment', { names: ['a', 'nothing', 'b'], slots: 1 })
    expect(taken.status).toBe(200)
    expect(taken.body.map(({ name }: { name: string }) => name).toSorted()).toEqual(['a', 'b'])
    const refused = await post('increment', { names: ['a', 'b'], slots: 1 })
    expect(refused).toMatchObject({ status: 423, body: { detail: 'Locked' } })
    expect(await Promise.all(['a', 'b'].map(async (name) => (await read(name)).active_slots))).toEqual([1, 1])
  })

  test('who is refused is told to wait about as long as slots are held', async () => {
    await create('a', 1)
    await post('increment', { names: ['a'], slots: 1 })
    const { headers } = await post('increment', { names: ['a'], slots: 1 })
    const seconds = Number.parseFloat(String(headers['retry-after']))
    expect(seconds).toBeGreaterThanOrEqual(0.7 * 2)
    expect(seconds).toBeLessThanOrEqual(1.4 * 2)
  })

  test('no wait is longer than the setting, however many wait', async () => {
    await create('a', 1)
    await post('increment', { names: ['a'], slots: 1 })
    let last = 0
    for (let attempt = 0; attempt < 40; attempt++) {
      const { headers } = await post('increment', { names: ['a'], slots: 1 })
      last = Number(headers['retry-after'])
    }
    expect(last).toBeGreaterThan(20)
    expect(last).toBeLessThanOrEqual(30 * 1.3)
  })

  test('more slots than a limit has can never be taken', async () => {
    await create('a', 2)
    expect(await post('increment', { names: ['a'], slots: 3 })).toMatchObject({ status: 422 })
  })

  test('a rate limit needs a decay', async () => {
    await Promise.all([create('a', 2), create('b', 2, { slot_decay_per_second: 1 })])
    const { status, body } = await post('increment', { names: ['a', 'b'], slots: 1, mode: 'rate_limit' })
    expect(status).toBe(422)
    expect(body.detail).toContain("'a'")
    expect(body.detail).not.toContain("'b'")
  })

  test('slots of a rate limit come back by themselves', async () => {
    await create('a', 4, { slot_decay_per_second: 0.5 })
    await post('increment', { names: ['a'], slots: 4, mode: 'rate_limit' })
    server.clock.advance(3)
    expect((await read('a')).active_slots).toBe(3)
    server.clock.advance(60)
    expect((await read('a')).active_slots).toBe(0)
  })

  test('asking often does not keep slots from coming back', async () => {
    await create('a', 1, { slot_decay_per_second: 0.1 })
    await post('increment', { names: ['a'], slots: 1, mode: 'rate_limit' })
    const statuses: number[] = []
    for (let second = 0; second < 11; second++) {
      server.clock.advance(1)
      statuses.push((await post('increment', { names: ['a'], slots: 1, mode: 'rate_limit' })).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  test('an inactive limit lets everyone through', async () => {
    await create('a', 1, { active: false })
    const answers = await Promise.all([1, 2, 3].map(() => post('increment', { names: ['a'], slots: 1 })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await read('a')).active_slots).toBe(0)
  })

  test('giving slots back teaches how long they are held', async () => {
    const { body } = await create('a', 1)
    await post('increment', { names: ['a'], slots: 1 })
    expect((await post('decrement', { names: ['a', 'b'], slots: 1, occupancy_seconds: 12 })).body).toEqual([
      { id: body.id, name: 'a', limit: 1 },
    ])
    await post('increment', { names: ['a'], slots: 1 })
    const { headers } = await post('increment', { names: ['a'], slots: 1 })
    expect(Number(headers['retry-after'])).toBeGreaterThan(0.7 * (2 + 10 / 2))
    expect((await read('a')).active_slots).toBe(1)
  })

  test('slots never fall below none', async () => {
    await create('a', 2)
    await post('decrement', { names: ['a'], slots: 5 })
    expect((await read('a')).active_slots).toBe(0)
  })

  test('a lease holds slots until it is given back, which may be said twice', async () => {
    await create('a', 1)
    const { body } = await post('increment-with-lease', { names: ['a'], slots: 1, holder: HOLDER })
    expect(body).toEqual({
      lease_id: expect.any(String),
      limits: [{ id: expect.any(String), name: 'a', limit: 1 }],
    })
    expect((await post(`leases/${body.lease_id}/renew`, { lease_duration: 60 })).status).toBe(204)
    for (let time = 0; time < 2; time++) {
      expect((await post('decrement-with-lease', { lease_id: body.lease_id })).status).toBe(204)
    }
    expect((await read('a')).active_slots).toBe(0)
    expect((await post(`leases/${body.lease_id}/renew`, {})).status).toBe(410)
  })

  test('a lease over no limits is a lease', async () => {
    const { status, body } = await post('increment-with-lease', { names: [], slots: 1 })
    expect(status).toBe(200)
    expect(body.limits).toEqual([])
    expect((await post(`leases/${body.lease_id}/renew`, {})).status).toBe(204)
  })

  test.each([[59], [86_401]])('a lease of %d seconds is refused', async (lease_duration) => {
    expect((await post('increment-with-lease', { names: [], slots: 1, lease_duration })).status).toBe(422)
  })

  test('a change of one field leaves the others, and slots that decayed do not return', async () => {
    await create('a', 4, { slot_decay_per_second: 1 })
    await post('increment', { names: ['a'], slots: 4 })
    server.clock.advance(2)
    await server.call('PATCH', '/v2/concurrency_limits/a', { limit: 9 })
    expect(await read('a')).toMatchObject({ limit: 9, active_slots: 2, active: true })
  })

  test('birth, changes and end of a limit are told', async () => {
    const { body } = await create('a', 1)
    await server.call('PATCH', '/v2/concurrency_limits/a', { limit: 2 })
    await server.call('DELETE', '/v2/concurrency_limits/a')
    const events = await server.context.database.read((session) =>
      session.all(
        session.build.selectFrom('event').select(['event', 'resource_id', 'payload']).orderBy('occurred'),
      ),
    )
    const payload = { name: 'a', active: true, slot_decay_per_second: 0 }
    const resource_id = `prefect.concurrency-limit.${body.id}`
    expect(events).toEqual([
      { event: 'prefect.concurrency-limit.created', resource_id, payload: { ...payload, limit: 1 } },
      { event: 'prefect.concurrency-limit.updated', resource_id, payload: { ...payload, limit: 2 } },
      { event: 'prefect.concurrency-limit.deleted', resource_id, payload: { ...payload, limit: 2 } },
    ])
  })
})
