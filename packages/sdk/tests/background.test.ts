import type { ReceivedEvent } from '@reeve/schemas/event'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import type { BackgroundRun } from '../src/background/background-run.ts'
import { MissingResultError } from '../src/results/kept-result.ts'
import { type ServedTask, serveTasks, type ServeTasksOptions } from '../src/background/serve-tasks.ts'
import { listenForEvents } from '../src/engine/event-bell.ts'
import { currentScope } from '../src/engine/scope.ts'
import { RunError } from '../src/engine/state.ts'
import { flow } from '../src/flow.ts'
import { memoryStorage } from '../src/results/memory-storage.ts'
import { task } from '../src/task.ts'
import type { ReeveClient } from '../src/with-server.ts'
import { many, sharedServer, SOON } from './helpers/shared-server.ts'

const withServer = sharedServer()
const unique = (name: string) => `${name}-${crypto.randomUUID()}`

/** Serves the tasks while `fn` runs. */
async function served<T>(tasks: ServedTask[], fn: () => Promise<T>, options: ServeTasksOptions = {}) {
  const end = new AbortController()
  const worker = serveTasks(tasks, { ...options, signal: end.signal })
  try {
    return await Promise.race([fn(), worker.then(() => Promise.reject(new Error('the worker ended')))])
  } finally {
    end.abort()
    await worker
  }
}

async function history(client: ReeveClient, id: string): Promise<string[]> {
  const states = await client.readTaskRunStates({ query: { task_run_id: id } })
  return states.map(({ name }) => name)
}

describe('a background run', () => {
  test('waits for a worker, which gives its result to whoever waits', () =>
    withServer(async ({ client }) => {
      const add = task(async (a: number, { by }: { by: Date }, ...more: bigint[]) => ({ a, by, more }), {
        name: unique('add'),
      })
      const by = new Date('2026-01-31T00:00:00Z')
      const run = await add.delay(1, { by }, 2n, 3n)
      expect((await client.readTaskRun({ params: { id: run.id } })).state_type).toBe('SCHEDULED')
      await served([add], async () => expect(await run.result(SOON)).toEqual({ a: 1, by, more: [2n, 3n] }))
      expect(await history(client, run.id)).toEqual(['Scheduled', 'Pending', 'Running', 'Completed'])
    }))

  test('that returns nothing gives undefined', () =>
    withServer(async () => {
      const quiet = task(() => {}, { name: unique('quiet') })
      await served([quiet], async () => expect(await (await quiet.delay()).result(SOON)).toBeUndefined())
    }))

  test('that fails throws its failure', () =>
    withServer(async () => {
      const broken = task(() => Promise.reject(new RangeError('too far')), { name: unique('broken') })
      const run = await broken.delay()
      await served([broken], async () => {
        await expect(run.result(SOON)).rejects.toThrow(RunError)
        await expect(run.result(SOON)).rejects.toThrow('RangeError: too far')
      })
    }))

  test('is tried again as its options say', () =>
    withServer(async ({ client }) => {
      let tries = 0
      const flaky = task(
        () => {
          if (++tries < 3) throw new Error('not yet')
          return tries
        },
        { name: unique('flaky'), retries: 2 },
      )
      const run = await flaky.delay()
      await served([flaky], async () => expect(await run.result(SOON)).toBe(3))
      expect(await history(client, run.id)).toEqual(
        'Scheduled Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Completed'.split(' '),
      )
    }))

  test('is told of, once it has ended, to who listens as the clients of Prefect do', () =>
    withServer(async () => {
      const wrong = task(() => Promise.reject(new RangeError('too far')), { name: unique('wrong') })
      const heard = Promise.withResolvers<ReceivedEvent>()
      const run = await wrong.delay()
      const bell = listenForEvents(currentScope()!.runtime!, {
        names: ['prefect.task-run.Completed', 'prefect.task-run.Failed'],
        matches: ({ resource }) => resource['prefect.resource.id'] === `prefect.task-run.${run.id}`,
        ring: (event) => event && heard.resolve(event),
      })
      try {
        await vi.waitUntil(() => bell.isLive, { timeout: 20_000 })
        await served([wrong], async () => {
          const { event, payload } = await heard.promise
          expect(event).toBe('prefect.task-run.Failed')
          const { type, message } = await run.state(SOON)
          expect(payload['validated_state']).toMatchObject({ type, message })
        })
      } finally {
        bell.end()
      }
    }))

  test('whose result was not kept says so', () =>
    withServer(async () => {
      const careless = task(() => 7, { name: unique('careless'), persistResult: false })
      const run = await careless.delay()
      await served([careless], () =>
        expect(run.result(SOON)).rejects.toThrow('its result was not kept: persistResult is off'),
      )
    }))

  test('whose arguments or result the other side cannot see says so', () =>
    withServer(async () => {
      const here = task((n?: number) => n ?? 0, { name: unique('split'), resultStorage: memoryStorage() })
      const there = here.withOptions({ resultStorage: memoryStorage() })
      const [unread, unseen, fine] = [await here.delay(1), await here.delay(), await there.delay(1)]
      await served([there], async () => {
        expect((await unread.state(SOON)).message).toContain('arguments of the run cannot be read')
        await expect(unseen.result(SOON)).rejects.toThrow(MissingResultError)
        expect(await fine.result(SOON)).toBe(1)
      })
    }))

  test('is not waited for longer than asked', () =>
    withServer(async () => {
      const unserved = task(() => 1, { name: unique('unserved') })
      const run = await unserved.delay()
      await expect(run.result({ timeoutSeconds: 0.1 })).rejects.toThrow(/timeout/)
      const stopped = AbortSignal.abort(new Error('enough'))
      await expect(run.result({ signal: stopped })).rejects.toThrow('enough')
    }))

  test('belongs to the flow run that asked for it, and goes on when that has ended', () =>
    withServer(async ({ client }) => {
      const child = task((n: number) => n * 2, { name: unique('child') })
      const source = task(() => 21, { name: unique('source') })
      const parent = flow(async () => child.delay(source.submit()), { name: unique('parent') })
      const state = await parent.returnState()
      const run = state.data as Awaited<ReturnType<typeof child.delay>>
      await served([child], async () => expect(await run.result(SOON)).toBe(42))
      const { flow_run_id, task_inputs } = await client.readTaskRun({ params: { id: run.id } })
      expect(flow_run_id).toBeTruthy()
      expect(Object.values(task_inputs)).toHaveLength(1)
    }))

  test('many at once keep their order', () =>
    withServer(async () => {
      const square = task((n: number) => n * n, { name: unique('square') })
      const numbers = Array.from({ length: many(50) }, (_, n) => n)
      const runs = await square.delayMany(numbers.map((n) => [n]))
      const results = await served([square], () => Promise.all(runs.map((run) => run.result(SOON))), {
        concurrency: 8,
      })
      expect(results).toEqual(numbers.map((n) => n * n))
    }))

  test('that was cancelled before a worker had it never runs', () =>
    withServer(async ({ client }) => {
      let calls = 0
      const counted = task(() => void calls++, { name: unique('counted') })
      const [unwanted, wanted] = [await counted.delay(), await counted.delay()]
      await client.setTaskRunState({ params: { id: unwanted.id }, body: { state: { type: 'CANCELLED' } } })
      await served([counted], () => wanted.result(SOON))
      expect(calls).toBe(1)
      expect((await unwanted.state(SOON)).type).toBe('CANCELLED')
    }))
})

test('delay keeps the types of the task', () => {
  const pick = task(async (from: string[], at = 0) => from[at], { name: 'pick' })
  expectTypeOf(pick.delay).returns.toEqualTypeOf<Promise<BackgroundRun<string | undefined>>>()
  expectTypeOf(pick.delayMany).returns.toEqualTypeOf<Promise<BackgroundRun<string | undefined>[]>>()
  // @ts-expect-error a wrong argument
  void (() => pick.delay('a'))
  // @ts-expect-error a list of calls is asked for
  void (() => pick.delayMany(['a']))
})

describe('a worker', () => {
  test('runs no more at once than it may', () =>
    withServer(async () => {
      let now = 0
      let most = 0
      const full = Promise.withResolvers<void>()
      const busy = task(
        async () => {
          most = Math.max(most, ++now)
          if (most === 3) full.resolve()
          await full.promise
          await new Promise((resolve) => setImmediate(resolve))
          now--
        },
        { name: unique('busy') },
      )
      const runs = await busy.delayMany(Array.from({ length: Math.max(many(30), 6) }, () => []))
      await served([busy], () => Promise.all(runs.map((run) => run.result(SOON))), { concurrency: 3 })
      expect(most).toBe(3)
    }))

  test('shares runs with others so that none runs twice', () =>
    withServer(async () => {
      const calls: number[] = []
      const noted = task((n: number) => void calls.push(n), { name: unique('noted') })
      const numbers = Array.from({ length: many(200) }, (_, n) => n)
      const half = numbers.slice(0, numbers.length / 2)
      const early = await noted.delayMany(half.map((n) => [n]))
      await served([noted], () =>
        served([noted], async () => {
          const late = await noted.delayMany(numbers.slice(half.length).map((n) => [n]))
          await Promise.all([...early, ...late].map((run) => run.result(SOON)))
        }),
      )
      expect(calls.toSorted((a, b) => a - b)).toEqual(numbers)
    }))

  test('that is stopped finishes what it has and leaves the rest', () =>
    withServer(async ({ client }) => {
      const gate = Promise.withResolvers<string>()
      const started = Promise.withResolvers<void>()
      const slow = task(
        () => {
          started.resolve()
          return gate.promise
        },
        { name: unique('slow') },
      )
      const [first, second] = [await slow.delay(), await slow.delay()]
      const end = new AbortController()
      const worker = serveTasks([slow], { concurrency: 1, signal: end.signal })
      await started.promise
      end.abort()
      gate.resolve('done')
      await worker
      expect((await first.state(SOON)).type).toBe('COMPLETED')
      expect((await client.readTaskRun({ params: { id: second.id } })).state_type).toBe('SCHEDULED')
      await served([slow], async () => expect(await second.result(SOON)).toBe('done'))
    }))

  test('that is stopped ends as Crashed what does not finish in time', () =>
    withServer(async () => {
      const started = Promise.withResolvers<void>()
      const endless = task(
        () => {
          started.resolve()
          return new Promise(() => {})
        },
        { name: unique('endless') },
      )
      const run = await endless.delay()
      await withServer(
        async () => {
          const end = new AbortController()
          const worker = serveTasks([endless], { signal: end.signal, graceSeconds: 0 })
          await started.promise
          end.abort()
          await worker
        },
        { REEVE_CANCEL_GRACE_SECONDS: '0' },
      )
      expect((await run.state(SOON)).type).toBe('CRASHED')
    }))

  test('that is stopped leaves runs which wait to be tried again to another', () =>
    withServer(async ({ client }) => {
      let fails = true
      const tried = task(
        (word: string) => {
          if (fails) throw new Error('not here')
          return word
        },
        { name: unique('tried'), retries: 1, retryDelaySeconds: 1 },
      )
      const run = await tried.delay('kept')
      await served([tried], async () => {
        await expect.poll(() => history(client, run.id), { timeout: 20_000 }).toContain('AwaitingRetry')
      })
      fails = false
      await served([tried], async () => expect(await run.result(SOON)).toBe('kept'))
    }))

  test('needs tasks with names of their own', async () => {
    const one = task(() => 1, { name: 'same' })
    await expect(serveTasks([one, one])).rejects.toThrow("called 'same'")
    await expect(serveTasks([])).rejects.toThrow('at least one task')
  })

  test('is listed by the server with the tasks that it serves', () =>
    withServer(async ({ client }) => {
      const listed = task(() => 1, { name: unique('listed') })
      const name = unique('worker')
      const filter = { task_worker_filter: { task_keys: [listed.name] } }
      const identifiers = async () =>
        (await client.filterTaskWorkers({ body: filter })).map(({ identifier }) => identifier)
      await served(
        [listed],
        async () => {
          await expect.poll(identifiers, { timeout: 20_000 }).toEqual([name])
        },
        { name },
      )
    }))
})

test('a task called inside of a task, outside of flows, does not take over the run of another call', () =>
  withServer(async () => {
    let calls = 0
    const inner = task(() => ++calls, { name: unique('inner') })
    const outer = task(() => inner(), { name: unique('outer') })
    expect([await outer(), await outer()]).toEqual([1, 2])
  }))
