import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TaskRunCreate } from '@reeve/schemas/task-run'
import { serverState } from '../models/server-state.ts'
import { readTaskRun } from '../models/task-runs.ts'
import { readTaskWorkers } from '../models/task-workers.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { PRINTERS, createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { TestClient } from '../../tests/helpers/websocket-client.ts'

describe.each(DIALECTS)('/task_runs/subscriptions/scheduled on %s', (dialect) => {
  let server: WebsocketTest
  let number: number
  beforeEach(async () => {
    server = await createWebsocketTest(dialect)
    number = 0
  })
  afterEach(() => server.close())

  /** A background task run, as a client's `delay()` creates it. */
  const schedule = async (key: string, name = 'Scheduled', deferred = true): Promise<string> => {
    const { context } = server
    const { state: _, ...taskRun } = TaskRunCreate.parse({ task_key: key, dynamic_key: String(++number) })
    const state = {
      id: context.ids.ordered(),
      type: 'SCHEDULED' as const,
      name,
      timestamp: context.clock.now(),
      message: null,
      data: null,
      state_details: { deferred, scheduled_time: '2026-01-01T00:00:00Z' },
    }
    const client = { generation: '3.8', version: undefined, api_version: undefined } as const
    const { taskRun: created } = await context.hotPath.createTaskRun({ taskRun, state, client })
    return created.id
  }
  const work = async (identifier: string, ...keys: string[]): Promise<TestClient> => {
    const client = await server.connect('/task_runs/subscriptions/scheduled').authenticated()
    client.send({ type: 'subscribe', keys, client_id: identifier })
    return client
  }
  const workers = (...keys: string[]) =>
    server.context.database.read((session) => readTaskWorkers(session, keys, server.context.clock.now()))

  test('a run that waits is given as the API prints it', async () => {
    const id = await schedule('a')
    const given = await (await work('w', 'a')).next()
    const { database, clock } = server.context
    const run = await database.read((session) => readTaskRun(session, id))
    const printed = run && PRINTERS.taskRun(run, clock.now())
    expect({ ...given, estimated_start_time_delta: 0 }).toEqual({ ...printed, estimated_start_time_delta: 0 })
  })

  test('a worker that waits is given a run as soon as there is one, of its keys only', async () => {
    const client = await work('w', 'a', 'b')
    await client.pinged()
    await schedule('c')
    const id = await schedule('b')
    expect((await client.next()).id).toBe(id)
  })

  test('the next run comes after the ack; acknowledged runs never come again', async () => {
    const ids = [await schedule('a'), await schedule('a')]
    const first = await work('w', 'a')
    expect((await first.next()).id).toBe(ids[0])
    await first.pinged()
    expect(first.frames).toEqual([])
    first.send({ type: 'ack' })
    expect((await first.next()).id).toBe(ids[1])
    first.send({ type: 'ack' })
    first.send({ type: 'quit' })
    expect((await first.closed()).code).toBe(1000)
    const marker = await schedule('a')
    expect((await (await work('v', 'a')).next()).id).toBe(marker)
  })

  test('a run that was not acknowledged is given to the next worker first', async () => {
    const [lost, waiting] = [await schedule('a'), await schedule('a')]
    const dying = await work('w', 'a')
    expect((await dying.next()).id).toBe(lost)
    dying.socket.terminate()
    const heir = await work('v', 'a')
    const ids: string[] = []
    for (let turn = 0; turn < 2; turn++) {
      ids.push((await heir.next()).id)
      heir.send({ type: 'ack' })
    }
    expect(ids.toSorted()).toEqual([lost, waiting].toSorted())
  })

  describe('a worker with a window', () => {
    const workWith = async (window: unknown, ...keys: string[]): Promise<TestClient> => {
      const client = await server.connect('/task_runs/subscriptions/scheduled').authenticated()
      client.send({ type: 'subscribe', keys, client_id: 'w', window })
      expect(await client.next()).toEqual({ type: 'subscribed', window })
      return client
    }
    const ids = (runs: { id: string }[]) => runs.map(({ id }) => id)
    const taking = (...taken: (string | undefined)[]) => ({
      type: 'ack',
      take: taken.map((id) => [id, crypto.randomUUID()]),
    })

    test('makes the runs that it takes Pending, unless they cannot be', async () => {
      const [id, cancelled] = [await schedule('a'), await schedule('a')]
      const client = await workWith(2, 'a')
      await client.next()
      await server.context.hotPath.setTaskRunState({
        task_run_id: cancelled,
        state: serverState('CANCELLED', server.context),
        force: false,
        client: { generation: '3.8', version: undefined, api_version: undefined },
      })
      client.send({ ...taking(id, cancelled), window: 0 })
      expect(await client.next()).toEqual({
        type: 'taken',
        runs: [
          { id, is_yours: true },
          { id: cancelled, is_yours: false },
        ],
      })
      const run = await server.context.database.read((session) => readTaskRun(session, id))
      expect(run?.state_type).toBe('PENDING')
    })

    test('may let runs begin as it takes them, as far as the rules allow', async () => {
      const [id, late] = [await schedule('a'), await schedule('a')]
      const tomorrow = '2999-01-01T00:00:00Z'
      await server.context.hotPath.setTaskRunState({
        task_run_id: late,
        state: serverState('SCHEDULED', server.context, {
          state_details: { deferred: true, scheduled_time: tomorrow },
        }),
        force: true,
        client: { generation: '3.8', version: undefined, api_version: undefined },
      })
      const client = await workWith(2, 'a')
      await client.next()
      const ids = () => [crypto.randomUUID(), crypto.randomUUID()]
      client.send({
        type: 'ack',
        take: [
          [id, ...ids()],
          [late, ...ids()],
        ],
        window: 0,
      })
      const { runs } = await client.next()
      expect(runs).toEqual([
        { id, is_yours: true, running: expect.objectContaining({ name: 'Running' }) },
        { id: late, is_yours: true },
      ])
      const read = (run: string) => server.context.database.read((session) => readTaskRun(session, run))
      expect([(await read(id))?.state_type, (await read(late))?.state_type]).toEqual(['RUNNING', 'PENDING'])
    })

    test('is given as many runs as there is room for, and more as it acknowledges them', async () => {
      const scheduled = [await schedule('a'), await schedule('a'), await schedule('a')]
      const client = await workWith(2, 'a')
      expect(ids(await client.next())).toEqual(scheduled.slice(0, 2))
      await client.pinged()
      expect(client.frames).toEqual([])
      client.send(taking(scheduled[1]))
      const frames = [await client.next(), await client.next()]
      expect(frames.find((frame) => 'type' in frame)?.type).toBe('taken')
      expect(frames.filter((frame) => Array.isArray(frame)).flatMap(ids)).toEqual([scheduled[2]])
    })

    test('says with any ack how much room it has', async () => {
      const client = await workWith(0, 'a')
      const id = await schedule('a')
      await client.pinged()
      expect(client.frames).toEqual([])
      client.send({ type: 'ack', take: [], window: 1 })
      expect(ids(await client.next())).toEqual([id])
    })

    test('leaves to the next worker what it has not acknowledged, and only that', async () => {
      const scheduled = [await schedule('a'), await schedule('a'), await schedule('a')]
      const dying = await workWith(3, 'a')
      await dying.next()
      dying.send({ ...taking(scheduled[1]), window: 0 })
      await dying.next()
      dying.send({ type: 'quit' })
      await dying.closed()
      const heir = await workWith(5, 'a')
      const got: string[] = []
      while (got.length < 2) got.push(...ids(await heir.next()))
      expect(got.toSorted()).toEqual([scheduled[0], scheduled[2]].toSorted())
    })

    test('gets runs of all its keys, the oldest first', async () => {
      const scheduled = [await schedule('b'), await schedule('a'), await schedule('b'), await schedule('a')]
      expect(ids(await (await workWith(3, 'a', 'b')).next())).toEqual(scheduled.slice(0, 3))
    })
  })

  test('runs to be retried come before the others', async () => {
    const [, retried] = [await schedule('a'), await schedule('a', 'AwaitingRetry')]
    expect((await (await work('w', 'a')).next()).id).toBe(retried)
  })

  test('of many workers each run reaches one', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, (_, index) => work(`w${index}`, 'a')))
    const got: string[] = []
    for (const client of clients) {
      client.socket.on('message', () => {
        for (const frame of client.frames.splice(0)) {
          got.push((frame as { id: string }).id)
          client.send({ type: 'ack' })
        }
      })
    }
    const ids = await Promise.all(Array.from({ length: 40 }, () => schedule('a')))
    await expect.poll(() => got.length, { timeout: 20_000 }).toBe(40)
    for (const client of clients) await client.pinged()
    expect(got.toSorted()).toEqual(ids.toSorted())
  })

  test('a run that is no longer scheduled is not given', async () => {
    const gone = await schedule('a')
    await server.context.database.write((session) =>
      session.run(
        session.build.updateTable('task_run').set({ state_type: 'CANCELLED' }).where('id', '=', gone),
      ),
    )
    const id = await schedule('a')
    expect((await (await work('w', 'a')).next()).id).toBe(id)
  })

  test('a scheduled run that is not in the background is not given', async () => {
    await schedule('a', 'Scheduled', false)
    const id = await schedule('a')
    expect((await (await work('w', 'a')).next()).id).toBe(id)
  })

  test('connected workers are listed, by key, until they leave', async () => {
    const [one] = await Promise.all([work('one', 'a', 'b'), work('two', 'b')])
    await expect.poll(async () => (await workers()).length, { timeout: 10_000 }).toBe(2)
    expect((await workers('a')).map(({ identifier }) => identifier)).toEqual(['one'])
    expect((await workers('b')).map(({ task_keys }) => task_keys)).toEqual([['a', 'b'], ['b']])
    one.socket.terminate()
    await expect.poll(() => workers('a'), { timeout: 10_000 }).toEqual([])
  })

  test.each([
    ['{"type":"x"}', "expected 'subscribe' message"],
    ['{"type":"subscribe","client_id":"w"}', "expected 'keys' in subscribe message"],
    ['{"type":"subscribe","keys":[],"client_id":"w"}', "expected 'keys' in subscribe message"],
    ['{"type":"subscribe","keys":["a"]}', "expected 'client_id' in subscribe message"],
  ])('%s breaks the protocol', async (frame, reason) => {
    const client = await server.connect('/task_runs/subscriptions/scheduled').authenticated()
    client.send(frame)
    expect(await client.closed()).toEqual({ code: 4001, reason: `Protocol violation: ${reason}` })
  })

  test('an answer that is no ack ends the connection and puts the run back', async () => {
    const id = await schedule('a')
    const client = await work('w', 'a')
    await client.next()
    client.send({ type: 'nonsense' })
    expect((await client.closed()).code).toBe(4001)
    expect((await (await work('v', 'a')).next()).id).toBe(id)
  })
})
