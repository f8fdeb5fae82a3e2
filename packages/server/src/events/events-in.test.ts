import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatTimestamp } from '@reeve/schemas/time'
import { insertRows } from '../database/bulk.ts'
import type { Row } from '../database/tables.ts'
import { wireEvent } from '../models/wire-event.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow } from '../../tests/helpers/run-rows.ts'
import { taskRunEvent } from '../../tests/helpers/task-run-event.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'

const FLOW_RUN = '11111111-0000-4000-8000-000000000001'

describe.each(DIALECTS)('/events/in on %s', (dialect) => {
  let server: WebsocketTest
  beforeEach(async () => {
    server = await createWebsocketTest(dialect, { event_max_bytes: 2000 })
    const flow = flowRow()
    await server.context.database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      await insertRows(session, 'flow_run', [flowRunRow({ id: FLOW_RUN, flow_id: flow.id })])
    })
  })
  afterEach(() => server.close())

  const count = async (table: 'event' | 'task_run' | 'task_run_state'): Promise<number> => {
    const rows = await server.context.database.read((session) =>
      session.all(session.build.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('count'))),
    )
    return Number(rows[0]?.count)
  }
  const plain = (more: object = {}) => ({
    occurred: '2026-01-01T00:00:00.5Z',
    event: 'something.happened',
    resource: { 'prefect.resource.id': 'thing.1', 'a.label': 'x' },
    related: [{ 'prefect.resource.id': 'thing.2', 'prefect.resource.role': 'friend' }],
    payload: { a: [1, null] },
    id: crypto.randomUUID(),
    ...more,
  })
  const events = () =>
    server.context.database.read((session) => session.all(session.build.selectFrom('event').selectAll()))

  test('an event is stored, and published, before the ping that follows it is answered', async () => {
    const published: Row<'event'>[] = []
    server.context.bus.subscribe('event', (event) => published.push(event))
    const client = await server.connect('/events/in').authenticated()
    const event = plain()
    client.send(event)
    await client.pinged()
    const [row] = await events()
    expect({ ...wireEvent(row as Row<'event'>), received: undefined }).toEqual({
      ...event,
      occurred: '2026-01-01T00:00:00.500000Z',
      follows: null,
      received: undefined,
    })
    expect(row?.received).toBeGreaterThan(START)
    expect(published).toEqual([row])
  })

  test('a repeated event is stored and published once', async () => {
    const published: string[] = []
    server.context.bus.subscribe('event', ({ id }) => published.push(id))
    const client = await server.connect('/events/in').authenticated()
    const event = plain()
    client.send(event)
    client.send(event)
    await client.pinged()
    client.send({ ...event, event: 'another.name' })
    await client.pinged()
    expect((await events()).map((row) => row.event)).toEqual(['something.happened'])
    expect(published).toEqual([event.id])
  })

  test.each([
    ['not JSON', 'oops'],
    ['no event', { occurred: 'yesterday' }],
    ['labels that are not texts', { resource: { 'prefect.resource.id': 'x', n: 1 } }],
    ['more bytes than allowed', { payload: { text: 'x'.repeat(2000) } }],
  ])('a frame with %s is skipped and the socket goes on', async (_, spoiled) => {
    const client = await server.connect('/events/in').authenticated()
    client.send(typeof spoiled === 'string' ? spoiled : { ...plain(), ...spoiled })
    client.send(plain())
    await client.pinged()
    expect(await count('event')).toBe(1)
  })

  test('a burst of 20,000 events, larger than the queue, is completely recorded', async () => {
    const RUNS = 6667
    const types = ['PENDING', 'RUNNING', 'COMPLETED'] as const
    const frames = types.flatMap((type, step) =>
      Array.from({ length: RUNS }, (_, run) => {
        const state = step * RUNS + run + 1
        const at = START + step
        return wireEvent(taskRunEvent({ run: run + 1, state, type, at, flowRun: FLOW_RUN, fields: {} }))
      }),
    )
    const clients = await Promise.all([1, 2].map(() => server.connect('/events/in').authenticated()))
    for (const [index, frame] of frames.entries()) clients[index % 2]?.send(frame)
    await Promise.all(clients.map((client) => client.pinged('end', 100_000)))
    expect(await count('event')).toBe(3 * RUNS)
    expect(await count('task_run_state')).toBe(3 * RUNS)
    const runs = await server.context.database.read((session) =>
      session.all(session.build.selectFrom('task_run').select('state_type').distinct()),
    )
    expect(runs).toEqual([{ state_type: 'COMPLETED' }])
    expect(await count('task_run')).toBe(RUNS)
  }, 120_000)

  test('a task run of a flow run that comes later is recorded later', async () => {
    const client = await server.connect('/events/in').authenticated()
    const late = '11111111-0000-4000-8000-00000000beef'
    const told = { run: 1, state: 1, type: 'RUNNING', at: START, flowRun: late, fields: {} } as const
    client.send(wireEvent(taskRunEvent(told)))
    await client.pinged()
    expect([await count('event'), await count('task_run')]).toEqual([1, 0])
    const { context, clock } = server
    await context.database.write(async (session) => {
      const [flow] = await session.all(session.build.selectFrom('flow').select('id'))
      await insertRows(session, 'flow_run', [flowRunRow({ id: late, flow_id: String(flow?.id) })])
    })
    clock.advance(2)
    await expect.poll(() => count('task_run'), { timeout: 10_000 }).toBe(1)
  })

  test('what was sent before the close is stored', async () => {
    const client = await server.connect('/events/in').authenticated()
    for (let index = 0; index < 500; index++) client.send(plain({ occurred: formatTimestamp(START + index) }))
    await expect.poll(() => count('event'), { timeout: 10_000 }).toBeGreaterThan(0)
    await server.closeWebsockets()
    const stored = await count('event')
    expect(stored).toBe(500)
  })
})
