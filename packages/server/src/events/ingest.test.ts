import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { DatabaseError } from '../database/errors.ts'
import { wireEvent } from '../models/wire-event.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import { eventRow } from '../../tests/helpers/event-row.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { receiveEvents } from './events-in.ts'
import { Ingest } from './ingest.ts'
import { Peer } from './peer.ts'

describe('the queue of events', () => {
  let server: TestContext
  beforeEach(async () => {
    server = await createTestContext('sqlite')
  })
  afterEach(() => server.close())

  /** The real database, whose first writes meet these errors. */
  const faulty = (...errors: Error[]): Context => {
    const { context } = server
    const { database } = context
    const write: typeof database.write = async (work) => {
      const error = errors.shift()
      if (error) throw error
      return database.write(work)
    }
    return { ...context, database: Object.create(database, { write: { value: write } }) }
  }
  const stored = async () => {
    const rows = await server.context.database.read((session) =>
      session.all(session.build.selectFrom('event').select('event').orderBy('event')),
    )
    return rows.map((row) => row.event)
  }
  const push = async (ingest: Ingest, ...names: string[]) => {
    const settled: string[] = []
    for (const name of names) ingest.push(eventRow(name), () => settled.push(name))
    await ingest.drained()
    return settled
  }

  test('events are settled in the order in which they came, after they are stored', async () => {
    const ingest = new Ingest(server.context)
    const names = Array.from({ length: 300 }, (_, index) => String(1000 + index))
    expect(await push(ingest, ...names)).toEqual(names)
    expect(await stored()).toEqual(names)
  })

  test('events wait for a database that cannot serve', async () => {
    const outage = () => new DatabaseError('unavailable', 'gone')
    const overload = new DatabaseError('overloaded', 'busy')
    const ingest = new Ingest(faulty(outage(), overload, outage()))
    expect(await push(ingest, 'a', 'b')).toEqual(['a', 'b'])
    expect(await stored()).toEqual(['a', 'b'])
    expect(ingest.dropped).toBe(0)
  })

  test('an event that the database refuses is dropped alone', async () => {
    const refusal = () => new Error('index row too large')
    const ingest = new Ingest(faulty(refusal(), refusal()))
    expect(await push(ingest, 'bad', 'good', 'also good')).toEqual(['bad', 'good', 'also good'])
    expect(await stored()).toEqual(['also good', 'good'])
    expect(ingest.dropped).toBe(1)
  })

  test('nothing is read from a sender while the queue is crowded', async () => {
    const { context } = server
    const gate = Promise.withResolvers<void>()
    const busy = context.database.write(() => gate.promise)
    const socket = Object.assign(new EventEmitter(), {
      isPaused: false,
      pause: () => (socket.isPaused = true),
      resume: () => (socket.isPaused = false),
    })
    const ingest = new Ingest(context)
    receiveEvents(new Peer(socket as unknown as WebSocket), context, ingest)
    const frames = Array.from({ length: 6000 }, () => JSON.stringify(wireEvent(eventRow('x'))))
    let read = 0
    for (const frame of frames) {
      if (socket.isPaused) break
      socket.emit('message', frame)
      read++
    }
    expect(read).toBeLessThan(5000)
    gate.resolve()
    await busy
    await ingest.drained()
    expect(socket.isPaused).toBe(false)
    expect(await stored()).toHaveLength(read)
  })

  test('a crowded queue says so, and tells when there is room', async () => {
    const ingest = new Ingest(server.context)
    let roomy = 0
    for (let index = 0; index < 5000; index++) ingest.push(eventRow('x'), () => {})
    expect(ingest.isCrowded).toBe(true)
    ingest.whenRoomy(() => roomy++)
    await ingest.drained()
    expect(ingest.isCrowded).toBe(false)
    expect(roomy).toBe(1)
    expect(await stored()).toHaveLength(5000)
  })
})
