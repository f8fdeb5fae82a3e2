import { describe, expect, onTestFinished, test } from 'vitest'
import { Chance } from './helpers/chance.ts'
import { DIALECTS } from './helpers/databases.ts'
import { createTestServer } from './helpers/test-server.ts'

/** Longer than an index of PostgreSQL holds, and no compression makes it shorter. */
function longText(): string {
  const random = new Chance(1)
  return Array.from({ length: 9000 }, () => String.fromCodePoint(97 + random.below(26))).join('')
}

describe.each(DIALECTS)('a text longer than an index holds, on %s', (dialect) => {
  const accepted = dialect === 'sqlite'

  test('is stored or refused with a reason, and the server goes on', async () => {
    const server = await createTestServer(dialect)
    onTestFinished(() => server.close())
    const name = longText()
    const { body: flow } = await server.call('POST', '/flows/', { name: 'short' })
    const { body: run } = await server.call('POST', '/flow_runs/', { flow_id: flow.id })
    const requests: [string, object][] = [
      ['/flows/', { name }],
      ['/flow_runs/', { flow_id: flow.id, idempotency_key: name }],
      ['/task_runs/', { flow_run_id: run.id, task_key: name, dynamic_key: '0' }],
      ['/saved_searches/', { name }],
      ['/v2/concurrency_limits/', { name, limit: 1 }],
      ['/events', [event(name)]],
    ]
    for (const [path, body] of requests) {
      const { status } = await server.call(path === '/saved_searches/' ? 'PUT' : 'POST', path, body)
      expect({ path, refused: status }).toEqual({
        path,
        refused: accepted ? expect.toBeOneOf([200, 201, 204]) : 422,
      })
    }
    expect((await server.call('POST', '/flows/count', {})).body).toBe(accepted ? 2 : 1)
  })

  test('in one event of many does not keep the others from being stored', async () => {
    const server = await createTestServer(dialect)
    onTestFinished(() => server.close())
    const { context } = server
    const { Ingest } = await import('../src/events/ingest.ts')
    const { readEvent } = await import('../src/events/read-event.ts')
    const ingest = new Ingest(context)
    for (const id of ['one', longText(), 'two']) {
      const row = readEvent(JSON.stringify(event(id)), context)
      if (row) ingest.push(row, () => {})
    }
    await ingest.drained()
    const { body } = await server.call('POST', '/events/filter', {})
    expect(body.events.length).toBe(accepted ? 3 : 2)
    expect(ingest.dropped).toBe(accepted ? 0 : 1)
  })
})

function event(resource: string) {
  return {
    id: crypto.randomUUID(),
    event: 'told',
    occurred: '2026-01-01T00:00:00Z',
    resource: { 'prefect.resource.id': resource },
  }
}
