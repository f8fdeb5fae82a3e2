import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { insertEvents } from '../models/events.ts'
import { eventRow } from '../../tests/helpers/event-row.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { eventRetention } from './event-retention.ts'

const DAY = 24 * 3600 * 1_000_000

describe.each(DIALECTS)('event retention on %s', (dialect) => {
  let server: TestContext
  afterEach(() => server.close())
  beforeEach(async () => {
    server = await createTestContext(dialect, { event_retention_seconds: 30 * 24 * 3600 })
  })

  const store = (name: string, daysAgo: number[]) =>
    server.context.database.write((session) =>
      insertEvents(
        session,
        daysAgo.map((days) =>
          eventRow(name, {
            occurred: START - days * DAY,
            related: [{ 'prefect.resource.id': `of.${days}`, 'prefect.resource.role': 'friend' }],
          }),
        ),
      ),
    )
  const kept = (table: 'event' | 'event_resource') =>
    server.context.database.read((session) =>
      session.all(session.build.selectFrom(table).select('occurred').orderBy('occurred', 'desc')),
    )
  const daysAgo = (rows: { occurred: number }[]) => rows.map(({ occurred }) => (START - occurred) / DAY)

  test('events go when they are older than the period, heartbeats after a week', async () => {
    await store('something', [1, 29, 31, 400])
    await store('prefect.flow-run.heartbeat', [2, 8])
    expect(await eventRetention.run(server.context, START)).toBe(3)
    expect(daysAgo(await kept('event'))).toEqual([1, 2, 29])
    expect(daysAgo(await kept('event_resource'))).toEqual([1, 2, 29])
    expect(await eventRetention.run(server.context, START)).toBe(0)
  })

  test('more than a batch goes in one pass', async () => {
    await store(
      'something',
      Array.from({ length: 450 }, (_, index) => 31 + index),
    )
    await store('something', [1])
    expect(await eventRetention.run(server.context, START)).toBe(450)
    expect(daysAgo(await kept('event'))).toEqual([1])
  })
})
