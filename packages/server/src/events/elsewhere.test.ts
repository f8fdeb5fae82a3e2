import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBus } from '../bus.ts'
import type { Context } from '../context.ts'
import { openPostgres } from '../database/postgres.ts'
import type { EventRow } from '../models/events.ts'
import { createFlowRunInput } from '../models/flow-run-inputs.ts'
import { ConcurrencyLimitV2Create } from '@reeve/schemas/concurrency-limit-v2'
import { createConcurrencyLimit } from '../models/concurrency-limits.ts'
import { releaseLease } from '../models/leases.ts'
import { createHotPath } from '../models/hot-path.ts'
import { SlotLines } from '../models/slot-lines.ts'
import { createLogs } from '../models/logs.ts'
import { storeEvents } from '../models/store-events.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { createPostgresDatabase } from '../../tests/helpers/databases.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import { eventRow } from '../../tests/helpers/event-row.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { TestClient } from '../../tests/helpers/websocket-client.ts'
import { PRINTERS } from '../../tests/helpers/websocket-server.ts'
import { attachWebsockets } from './websocket-server.ts'

interface Replica {
  context: Context
  connect(path: string): TestClient
  close(): Promise<void>
}

describe('two servers of one PostgreSQL database', () => {
  let base: TestContext
  let url: string
  let replicas: Replica[]
  beforeEach(async () => {
    base = await createTestContext('sqlite')
    url = await createPostgresDatabase()
    replicas = [await startReplica(), await startReplica()]
  })
  afterEach(async () => {
    for (const replica of replicas) await replica.close()
    await base.close()
  })

  /** Ids of its own kind, since two processes never make the same. */
  async function startReplica(): Promise<Replica> {
    const ids = { random: () => crypto.randomUUID(), ordered: () => crypto.randomUUID() }
    const database = await openPostgres(url, { connections: 3 })
    const settings = { ...base.context.settings, database: url }
    const shared = { ...base.context, ids, database, settings, bus: createBus() }
    const context: Context = {
      ...shared,
      hotPath: createHotPath(database, shared),
      slotLines: new SlotLines(database, shared),
    }
    const server = createServer()
    const websockets = attachWebsockets(server, context, PRINTERS)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const clients: TestClient[] = []
    return {
      context,
      connect(path) {
        const client = new TestClient(`ws://127.0.0.1:${port}/api${path}`, { protocol: 'prefect' })
        clients.push(client)
        return client
      },
      async close() {
        for (const { socket } of clients) socket.terminate()
        await websockets.close()
        await new Promise((resolve) => server.close(resolve))
        await database.close()
      },
    }
  }

  const store = ({ context }: Replica, name: string) =>
    context.database.write((session) => storeEvents(session, [eventRow(name)], context))
  const channels = async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const sql = `select count(*)::int as count from pg_stat_activity where application_name = 'reeve-channel' and query like 'listen%' and datname = current_database()`
    const { rows } = await client.query<{ count: number }>(sql)
    await client.end()
    return rows[0]?.count
  }
  const listening = async () => {
    await expect.poll(channels, { timeout: 10_000 }).toBe(2)
  }
  const watch = async ({ connect }: Replica, path: string, filter: object) => {
    const client = await connect(path).authenticated()
    client.send({ type: 'filter', filter })
    await client.pinged()
    return client
  }

  test('an event that one stores is streamed by both, once', async () => {
    await listening()
    const [a, b] = replicas as [Replica, Replica]
    const filter = { occurred: { until: '2027-01-01T00:00:00Z' } }
    const watchers = [await watch(a, '/events/out', filter), await watch(b, '/events/out', filter)]
    await store(a, 'first')
    await store(b, 'second')
    for (const watcher of watchers) {
      await watcher.until(() => watcher.frames.length >= 2, 'two events')
      const names = watcher.frames.map((frame) => (frame as { event: { event: string } }).event.event)
      expect(names.toSorted()).toEqual(['first', 'second'])
    }
  })

  test('a log line that one stores is streamed by the other', async () => {
    await listening()
    const [a, b] = replicas as [Replica, Replica]
    const watcher = await watch(b, '/logs/out', {})
    const line = {
      name: 'n',
      level: 20,
      message: 'm',
      timestamp: START,
      flow_run_id: null,
      task_run_id: null,
    }
    await a.context.database.write((session) => createLogs(session, [line], a.context))
    expect((await watcher.next()).log.message).toBe('m')
  })

  test('those who act on events act only where they were stored', async () => {
    await listening()
    const [a, b] = replicas as [Replica, Replica]
    const acted: string[] = []
    b.context.bus.subscribe('event', ({ event }) => acted.push(event))
    const watcher = await watch(b, '/events/out', { occurred: { until: '2027-01-01T00:00:00Z' } })
    await store(a, 'at a')
    await watcher.next()
    await store(b, 'at b')
    await watcher.next()
    expect(acted).toEqual(['at b'])
  })

  test('an end and an input that come about at one are told by the other, also just before it hears of the watch', async () => {
    await listening()
    const [a, b] = replicas as [Replica, Replica]
    const flow_run_id = await makeFlowRun(a.context, { flow_id: await makeFlow(a.context) })
    const end = async () => {
      const creation = taskRunCreation(a.context, { dynamic_key: crypto.randomUUID() })
      const { taskRun } = await a.context.hotPath.createTaskRun(creation)
      await a.context.hotPath.setTaskRunState(proposal(a.context, taskRun.id, 'COMPLETED'))
      return taskRun.id
    }
    const names = ['prefect.task-run.Completed', 'reeve.flow-run-input.created']
    const filter = { event: { name: names }, occurred: { until: '2027-01-01T00:00:00Z' } }
    const client = await b.connect('/events/out').authenticated()
    client.send({ type: 'filter', filter, backfill: false })
    const ids = [await end()]
    await client.until(() => client.frames.length >= 1, 'the first end')
    ids.push(await end())
    await client.until(() => client.frames.length >= 2, 'the second end')
    const input = { flow_run_id, key: 'k', value: 'v', sender: null }
    await a.context.database.write((session) => createFlowRunInput(session, input, a.context))
    await client.until(() => client.frames.length >= 3, 'the input')
    const resources = client.frames.map((frame) => (frame as { event: EventRow }).event.resource)
    expect(resources.map((each) => each['prefect.resource.id'])).toEqual([
      ...ids.map((id) => `prefect.task-run.${id}`),
      `prefect.flow-run.${flow_run_id}`,
    ])
  })

  test('slots that are given back at one go to who waits for them at the other', async () => {
    await listening()
    const [a, b] = replicas as [Replica, Replica]
    const limit = ConcurrencyLimitV2Create.parse({ name: 'db', limit: 1 })
    await a.context.database.write((session) => createConcurrencyLimit(session, limit, a.context))
    const request = {
      names: ['db'],
      slots: 1,
      mode: 'concurrency' as const,
      lease: { seconds: 60, holder: null },
    }
    const ask = ({ context }: Replica, seconds: number) =>
      context.slotLines.ask({ request, seconds, token: undefined, onGone() {} })
    const held = await ask(a, 0)
    const waiting = ask(b, 60)
    // A look of its own would come seconds later, and only if nothing had told.
    expect((await ask(b, 0)).outcome).toBe('full')
    const lease = held.outcome === 'taken' ? (held.lease_id ?? '') : ''
    const began = performance.now()
    await a.context.database.write((session) => releaseLease(session, lease, a.context))
    expect((await waiting).outcome).toBe('taken')
    expect(performance.now() - began).toBeLessThan(900)
  })

  test('when the servers lose each other, watchers are asked to come back', async () => {
    await listening()
    const [, b] = replicas as [Replica, Replica]
    const watcher = await watch(b, '/events/out', {})
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'reeve-channel' and datname = current_database()`,
    )
    await client.end()
    expect((await watcher.closed()).code).toBe(1012)
  })
})
