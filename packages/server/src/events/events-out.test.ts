import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatTimestamp } from '@reeve/schemas/time'
import { insertEvents } from '../models/events.ts'
import type { EventRow } from '../models/events.ts'
import { storeEvents } from '../models/store-events.ts'
import { wireEvent } from '../models/wire-event.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { eventRow } from '../../tests/helpers/event-row.ts'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'

const MINUTE = 60 * 1_000_000
const YEAR = '2027-01-01T00:00:00Z'

describe.each(DIALECTS)('/events/out on %s', (dialect) => {
  let server: WebsocketTest
  beforeEach(async () => {
    server = await createWebsocketTest(dialect)
    server.clock.advance(60)
  })
  afterEach(() => server.close())

  const store = (...events: EventRow[]) =>
    server.context.database.write((session) => storeEvents(session, events, server.context))
  const subscribe = async (filter: object, frame: object = {}) => {
    const client = await server.connect('/events/out').authenticated()
    client.send({ type: 'filter', filter: { occurred: { until: YEAR }, ...filter }, ...frame })
    await client.pinged()
    return client
  }

  test('stored events come first, oldest first, then those that come', async () => {
    const [late, early] = [
      eventRow('late', { occurred: START + 2 }),
      eventRow('early', { occurred: START + 1 }),
    ]
    await store(late, early)
    const client = await subscribe({})
    expect([await client.next(), await client.next()]).toEqual(
      [early, late].map((row) => ({ type: 'event', event: wireEvent(row) })),
    )
    const live = eventRow('live')
    await store(live)
    expect(await client.next()).toEqual({ type: 'event', event: wireEvent(live) })
  })

  test('more stored events than a page come whole, each once, while others come live', async () => {
    const old = Array.from({ length: 600 }, (_, index) =>
      eventRow(`old-${index}`, { occurred: START + (index >> 1) }),
    )
    await store(...old)
    const client = await server.connect('/events/out').authenticated()
    client.send({ type: 'filter', filter: { occurred: { until: YEAR } } })
    const live = Array.from({ length: 50 }, (_, index) =>
      eventRow(`live-${index}`, { occurred: START + MINUTE }),
    )
    for (const one of live) await store(one)
    await client.until(() => client.frames.length >= 650, '650 events')
    await client.pinged()
    const ids = client.frames.map((frame) => (frame as { event: { id: string } }).event.id)
    expect(ids.toSorted()).toEqual([...old, ...live].map(({ id }) => id).toSorted())
  })

  test('a stored event that is told only after it was sent is not sent again', async () => {
    const stored = eventRow('stored')
    await server.context.database.write((session) => insertEvents(session, [stored]))
    const client = await subscribe({})
    expect((await client.next()).event.id).toBe(stored.id)
    server.context.bus.publish('event', stored)
    await store(eventRow('marker'))
    expect((await client.next()).event.event).toBe('marker')
  })

  test('with backfill false only new events come', async () => {
    await store(eventRow('stored'))
    const client = await subscribe({}, { backfill: false })
    await store(eventRow('live'))
    expect((await client.next()).event.event).toBe('live')
  })

  test('nothing from before the longest backfill is sent', async () => {
    await store(eventRow('older', { occurred: START - 15 * MINUTE }), eventRow('newer'))
    const client = await subscribe({ occurred: { since: '2020-01-01T00:00:00Z', until: YEAR } })
    expect((await client.next()).event.event).toBe('newer')
  })

  test('the filter, its times and related resources included, holds for live events', async () => {
    const related = [{ 'prefect.resource.id': 'pool.1', 'prefect.resource.role': 'work-pool' }]
    const client = await subscribe({
      event: { name: ['a'] },
      related: { id: ['pool.1'], role: ['work-pool'] },
    })
    await store(
      eventRow('b', { related }),
      eventRow('a'),
      eventRow('a', { related, occurred: START + 500 * 24 * 60 * MINUTE }),
      eventRow('a', { related, payload: { wanted: true } }),
    )
    expect((await client.next()).event.payload).toEqual({ wanted: true })
  })

  test("Prefect's own filter, with null for what is not asked, is taken", async () => {
    const none = { prefix: null, exclude_prefix: null, exclude_name: null }
    const client = await subscribe({
      occurred: { since: formatTimestamp(START), until: YEAR },
      event: { ...none, name: ['prefect.flow-run.Cancelling'] },
      resource: null,
      related: null,
      any_resource: { id: ['prefect.work-pool.1'], id_prefix: null, labels: null },
      id: { id: null },
      text: null,
      order: 'DESC',
    })
    const pool = { 'prefect.resource.id': 'prefect.work-pool.1', 'prefect.resource.role': 'work-pool' }
    await store(eventRow('prefect.flow-run.Cancelling', { related: [pool] }))
    expect((await client.next()).event.related).toEqual([pool])
  })

  test.each([
    ['{"type":"subscribe"}', "Expected 'filter' message"],
    ['{"type":"filter"}', 'Invalid filter: '],
    ['{"type":"filter","filter":{"nonsense":1}}', 'Invalid filter: '],
  ])('%s closes the socket', async (frame, reason) => {
    const client = await server.connect('/events/out').authenticated()
    client.send(frame)
    const closed = await client.closed()
    expect(closed.code).toBe(1002)
    expect(closed.reason.startsWith(reason)).toBe(true)
  })

  test('an event that a rolled back write stored is not told', async () => {
    const client = await subscribe({})
    const failing = server.context.database.write(async (session) => {
      await storeEvents(session, [eventRow('undone')], server.context)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    await store(eventRow('kept'))
    expect((await client.next()).event.event).toBe('kept')
  })

  test('closing, the server asks to come back', async () => {
    const client = await subscribe({})
    await server.closeWebsockets()
    expect((await client.closed()).code).toBe(1012)
  })

  test('insertEvents alone tells nobody', async () => {
    const client = await subscribe({})
    await server.context.database.write((session) => insertEvents(session, [eventRow('silent')]))
    await store(eventRow('told'))
    expect((await client.next()).event.event).toBe('told')
  })
})
