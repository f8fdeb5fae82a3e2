import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventCount, EventPage } from '@reeve/schemas/event'
import { formatTimestamp } from '@reeve/schemas/time'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { START } from '../../../tests/helpers/test-context.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const HOUR = 3600 * 1_000_000

describe.each(DIALECTS)('the events API on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
    server.clock.advance(3 * 3600)
  })
  afterEach(() => server.close())

  const event = (at: number, name = 'a.b', more: object = {}) => ({
    occurred: formatTimestamp(START + at),
    event: name,
    resource: { 'prefect.resource.id': 'thing.1', 'prefect.resource.name': 'one' },
    id: crypto.randomUUID(),
    ...more,
  })
  const post = (...events: object[]) => server.call('POST', '/events', events)
  const filter = (body: object) => server.call('POST', '/events/filter', body)
  const span = (from: number, to: number) => ({
    occurred: { since: formatTimestamp(START + from), until: formatTimestamp(START + to) },
  })

  test('posted events can be read at once', async () => {
    const posted = event(5, 'x', { follows: crypto.randomUUID(), payload: { deep: [1, { a: null }] } })
    expect(await post(posted)).toMatchObject({ status: 204, body: undefined })
    const { body } = await filter({})
    expect(body).toEqual({
      events: [{ ...posted, related: [], received: expect.any(String) }],
      total: 1,
      next_page: null,
    })
    expect(EventPage.safeParse(body).success).toBe(true)
    expect(Object.keys(body.events[0])).toEqual([
      'occurred',
      'event',
      'resource',
      'related',
      'payload',
      'id',
      'follows',
      'received',
    ])
  })

  test('one bad event refuses the whole batch', async () => {
    const { status } = await post(event(1), event(2, 'x', { resource: {} }))
    expect(status).toBe(422)
    expect((await filter({})).body.total).toBe(0)
  })

  test('an event that is too large is dropped without a word', async () => {
    const large = event(1, 'large', { payload: { text: 'x'.repeat(1_500_000) } })
    expect((await post(large, event(2, 'small'))).status).toBe(204)
    expect((await filter({})).body.events.map((row: { event: string }) => row.event)).toEqual(['small'])
  })

  test('pages follow each other by their URLs, with the total of the first', async () => {
    await post(...Array.from({ length: 7 }, (_, at) => event(at, `e${at}`)))
    const seen: string[] = []
    let page = await filter({ filter: span(0, HOUR), limit: 3 })
    await post(event(8))
    for (;;) {
      expect(page.status).toBe(200)
      expect(page.body.total).toBe(7)
      seen.push(...page.body.events.map((row: { event: string }) => row.event))
      if (!page.body.next_page) break
      const next = new URL(page.body.next_page)
      expect(next.pathname).toBe('/api/events/filter/next')
      expect(next.searchParams.get('page-token')).toMatch(/^[A-Za-z0-9]+=*$/)
      page = await server.call('GET', next.pathname.slice('/api'.length) + next.search)
    }
    expect(seen).toEqual(['e6', 'e5', 'e4', 'e3', 'e2', 'e1', 'e0'])
  })

  test.each(['garbage', '', Buffer.from('no base64!').toString('base64'), 'e30='])(
    'a token that no page gave is forbidden: %j',
    async (token) => {
      const { status } = await server.call(
        'GET',
        `/events/filter/next?page-token=${encodeURIComponent(token)}`,
      )
      expect(status).toBe(403)
    },
  )

  test.each([
    [{ limit: 51 }, 422],
    [{ limit: -1 }, 422],
    [{ filter: { nonsense: 1 } }, 422],
    [{ filter: { event: { nonsense: 1 } } }, 422],
    [{ filter: null, limit: null }, 200],
  ])('the body %j is answered with %i', async (body, status) => {
    expect((await filter(body)).status).toBe(status)
  })

  test('a page of chosen ids is no longer than they are many', async () => {
    const [wanted, other] = [event(1), event(2)]
    await post(wanted, other)
    const { body } = await filter({ filter: { id: { id: [wanted.id] } } })
    expect(body.events.map(({ id }: { id: string }) => id)).toEqual([wanted.id])
  })

  const count = (by: string, body: object) => server.call('POST', `/events/count-by/${by}`, body)

  test('events are counted by name, the most frequent first, then by name', async () => {
    await post(event(1, 'b'), event(2, 'c'), event(3, 'c'), event(4, 'a'))
    const { body } = await count('event', { filter: span(0, HOUR) })
    expect(body).toEqual([
      {
        value: 'c',
        label: 'c',
        count: 2,
        start_time: formatTimestamp(START + 2),
        end_time: formatTimestamp(START + 3),
      },
      {
        value: 'a',
        label: 'a',
        count: 1,
        start_time: formatTimestamp(START + 4),
        end_time: formatTimestamp(START + 4),
      },
      {
        value: 'b',
        label: 'b',
        count: 1,
        start_time: formatTimestamp(START + 1),
        end_time: formatTimestamp(START + 1),
      },
    ])
    expect(EventCount.array().safeParse(body).success).toBe(true)
  })

  test('events are counted by resource, under its newest name', async () => {
    const of = (id: string, labels: object) => ({ resource: { 'prefect.resource.id': id, ...labels } })
    await post(
      event(1, 'x', of('r.1', { 'prefect.resource.name': 'old' })),
      event(2, 'x', of('r.1', { 'prefect.resource.name': 'new', 'prefect.name': 'legacy' })),
      event(3, 'x', of('r.2', { 'prefect.name': 'legacy' })),
      event(4, 'x', of('r.3', {})),
    )
    const { body } = await count('resource', { filter: span(0, HOUR) })
    expect(
      body.map((row: { value: string; label: string; count: number }) => [row.value, row.label, row.count]),
    ).toEqual([
      ['r.1', 'new', 2],
      ['r.2', 'legacy', 1],
      ['r.3', 'r.3', 1],
    ])
  })

  test('time is cut into a grid that does not depend on the span, empty buckets included', async () => {
    await post(event(0), event(HOUR - 1), event(2 * HOUR))
    const { body } = await count('time', { filter: span(HOUR / 2, 2.5 * HOUR), time_unit: 'hour' })
    expect(body).toEqual(
      [1, 0, 1].map((events, index) => ({
        value: String(index),
        label: formatTimestamp(START + index * HOUR).replace('Z', '+00:00'),
        count: events,
        start_time: formatTimestamp(START + index * HOUR),
        end_time: formatTimestamp(START + (index + 1) * HOUR - 1),
      })),
    )
  })

  test('a span into the future ends with the present unit, and later events do not break it', async () => {
    await post(event(2 * HOUR), event(50 * HOUR))
    const { status, body } = await count('time', { filter: span(0, 100 * HOUR), time_unit: 'hour' })
    expect(status).toBe(200)
    expect(body.map((row: { count: number }) => row.count)).toEqual([0, 0, 1, 0])
  })

  test('a week begins on Monday', async () => {
    const { body } = await count('time', { filter: span(0, 1), time_unit: 'week' })
    expect(body[0].start_time).toBe('2025-12-29T00:00:00Z')
  })

  test.each(['event', 'resource', 'time', 'day'])('too many buckets are refused by %s', async (by) => {
    const { status, body } = await count(by, { filter: span(0, 2 * HOUR), time_unit: 'second' })
    expect(status).toBe(422)
    expect(body.detail).toContain('7200 buckets')
  })

  test.each([
    ['nonsense', { filter: {} }],
    ['event', {}],
    ['event', { filter: {}, time_interval: 0.001 }],
  ])('count-by/%s of %j is refused', async (by, body) => {
    expect((await count(by, body)).status).toBe(422)
  })
})
