import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  concurrency,
  emitEvent,
  flow,
  log,
  rateLimit,
  receiveInput,
  runContext,
  runDeployment,
  sendInput,
  serve,
  serveTasks,
  task,
  waitForEvent,
} from 'reeve'
import { type TestServer, withTestServer } from 'reeve/testing'
import { createPostgresDatabase } from '../packages/server/tests/helpers/databases.ts'
import {
  reeve,
  type ServerProcess,
  startServerProcess,
} from '../packages/server/tests/helpers/server-process.ts'
import { type Balancer, startBalancer } from './helpers/balancer.ts'

/** Two servers, each a process of its own, on one PostgreSQL database, which they both found empty. */
let database: string
let a: ServerProcess
let b: ServerProcess
let balancer: Balancer
beforeAll(async () => {
  database = await createPostgresDatabase({ empty: true })
  ;[a, b] = await Promise.all([startServerProcess(reeve(database)), startServerProcess(reeve(database))])
  balancer = await startBalancer(() => [a.origin, b.origin])
}, 60_000)
afterAll(async () => {
  await balancer.close()
  await Promise.all([a.stop(), b.stop()])
})

const at = <T>(apiUrl: string, fn: (server: TestServer) => Promise<T>, environment = {}) =>
  withTestServer(fn, { apiUrl, environment })
const atA = <T>(fn: (server: TestServer) => Promise<T>) => at(`${a.origin}/api`, fn)
const atB = <T>(fn: (server: TestServer) => Promise<T>) => at(`${b.origin}/api`, fn)
const atBoth = <T>(fn: (server: TestServer) => Promise<T>) => at(balancer.apiUrl, fn)

/** Ends a server as a crash would, and starts it anew when `meanwhile` is over. */
async function withoutA(meanwhile: () => Promise<void>): Promise<void> {
  await a.kill()
  await meanwhile()
  a = await startServerProcess(reeve(database))
}

const SOON = { timeoutSeconds: 30 }
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const sorted = (values: readonly number[]) => values.toSorted((x, y) => x - y)

/** Serves until `fn` is over. */
async function serving<T>(
  serveWith: (signal: AbortSignal, onReady: () => void) => Promise<void>,
  fn: () => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const ready = Promise.withResolvers<void>()
  const served = serveWith(end.signal, ready.resolve)
  try {
    await Promise.race([ready.promise, served])
    return await fn()
  } finally {
    end.abort()
    await served
  }
}

test('servers that start at the same moment on an empty database make its tables once', async () => {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  const { rows } = await client.query<{ version: number }>(
    'select version from reeve_migration order by version',
  )
  await client.end()
  expect(rows.map(({ version }) => version)).toEqual(numbers(rows.length).map((n) => n + 1))
  expect(rows.length).toBeGreaterThan(1)
})

test('a flow goes on with the other server when the one it talks to dies, and does no step twice', async () => {
  const done: number[] = []
  const middle = Promise.withResolvers<void>()
  const note = task(
    (n: number) => {
      done.push(n)
      if (n === 50) middle.resolve()
      return n
    },
    { name: 'note' },
  )
  const steps = flow(
    async () => {
      for (const n of numbers(100)) await note(n)
      return runContext().flowRun!.id
    },
    { name: 'steps' },
  )
  let origins = [a.origin]
  const failingOver = await startBalancer(() => origins)
  try {
    await at(failingOver.apiUrl, async (server) => {
      const running = steps()
      await middle.promise
      origins = [a.origin, b.origin]
      await withoutA(async () => {
        const id = await running
        await server.expectStates(id, ['Pending', 'Running', 'Completed'])
        expect(done).toEqual(numbers(100))
        const runs = await server.taskRuns(id)
        const histories = runs.map(({ states }) => states.join(' '))
        expect(histories).toEqual(numbers(100).map(() => 'Pending Running Completed'))
      })
    })
  } finally {
    await failingOver.close()
  }
})

test('background runs that one server takes are carried out at the other, each once, though the first dies', async () => {
  const done: number[] = []
  const middle = Promise.withResolvers<void>()
  const square = task(
    (n: number) => {
      done.push(n)
      if (done.length === 100) middle.resolve()
      return n * n
    },
    { name: 'square' },
  )
  const work = (signal: AbortSignal, onReady: () => void) =>
    serveTasks([square], { signal, onReady, concurrency: 4 })
  await atB(() =>
    serving(work, () =>
      atBoth(() =>
        serving(work, async () => {
          const runs = await square.delayMany(numbers(200).map((n) => [n]))
          await middle.promise
          await withoutA(async () => {
            const results = await Promise.all(runs.map((run) => run.result(SOON)))
            expect(results).toEqual(numbers(200).map((n) => n * n))
            expect(sorted(done)).toEqual(numbers(200))
          })
        }),
      ),
    ),
  )
})

test('who waits at one server is told at once of what ends at the other', async () => {
  const ended = new Map<number, number>()
  const slow = task(
    async (n: number) => {
      await delay(2000 + 150 * n)
      ended.set(n, performance.now())
      return n
    },
    { name: 'slow' },
  )
  const late: number[] = []
  await atB(() =>
    serving(
      (signal, onReady) => serveTasks([slow], { signal, onReady }),
      () =>
        atA(async () => {
          const runs = await slow.delayMany(numbers(7).map((n) => [n]))
          await Promise.all(
            runs.map(async (run) => {
              const n = await run.result(SOON)
              late.push(performance.now() - (ended.get(n) as number))
            }),
          )
        }),
    ),
  )
  // Who looks by itself does so once a second by then, for all at once: two at most would be found this early.
  expect(sorted(late)[2]).toBeLessThan(290)
})

test('a cancellation at one server reaches the flow that talks to the other', async () => {
  const began = Promise.withResolvers<string>()
  const endless = flow(
    async () => {
      const { flowRun, signal } = runContext()
      began.resolve(flowRun!.id)
      await delay(60_000, undefined, { signal })
    },
    { name: 'endless' },
  )
  const seen = await at(
    `${b.origin}/api`,
    async () => {
      const running = endless.submit()
      const id = await began.promise
      await atA(({ client }) =>
        client.setFlowRunState({ params: { id }, body: { state: { type: 'CANCELLING' } } }),
      )
      return { id, type: (await running.state()).type }
    },
    { REEVE_CANCEL_POLL_SECONDS: '0.2' },
  )
  expect(seen.type).toBe('CANCELLED')
  await atA((server) => server.expectStates(seen.id, ['Pending', 'Running', 'Cancelling', 'Cancelled']))
})

test('messages and events that come by one server are heard at the other', async () => {
  const listening = Promise.withResolvers<string>()
  const listener = flow(
    async () => {
      const inputs = receiveInput(undefined, SOON)
      listening.resolve(runContext().flowRun!.id)
      for (const n of numbers(5)) {
        expect(await inputs.value()).toBe(n)
        heard[n]?.resolve()
      }
      const { payload } = (await waitForEvent('order.paid', { timeout: '20 seconds' }))!
      return payload
    },
    { name: 'listener' },
  )
  const heard = numbers(5).map(() => Promise.withResolvers<void>())
  const got = await atB(async () => {
    const running = listener()
    const id = await listening.promise
    await atA(async () => {
      for (const n of numbers(5)) {
        await sendInput(id, n)
        await heard[n]?.promise
      }
    })
    await atA(async (server) => {
      const states = async () => (await server.taskRuns(id)).flatMap(({ states }) => states)
      await expect.poll(states, { timeout: 10_000 }).toContain('Waiting')
      emitEvent('order.paid', { resource: { id: 'order.1' }, payload: { total: 7 } })
    })
    return running
  })
  expect(got).toEqual({ total: 7 })
})

test('limits hold for both servers together', async () => {
  await atA(({ client }) => client.createConcurrencyLimitV2({ body: { name: 'two', limit: 2 } }))
  await atB(({ client }) =>
    client.createConcurrencyLimitV2({ body: { name: 'ten', limit: 10, slot_decay_per_second: 10 } }),
  )
  let holders = 0
  let most = 0
  const hold = () =>
    concurrency('two', async () => {
      most = Math.max(most, ++holders)
      await delay(5)
      holders--
    })
  const began = performance.now()
  const each = async () => {
    await Promise.all(numbers(15).map(() => rateLimit('ten', SOON)))
    await Promise.all(numbers(3).map(hold))
  }
  await Promise.all([atA(each), atB(each)])
  // Ten slots are free at first, and twenty more come back at ten a second.
  expect(performance.now() - began).toBeGreaterThan(1900)
  expect(most).toBeLessThanOrEqual(2)
})

test('logs and events of both are read at either', async () => {
  const both = flow(
    async (server: string) => {
      log.info(`said at ${server}`)
      emitEvent('said', { resource: { id: `server.${server}` } })
      return runContext().flowRun!.id
    },
    { name: 'both' },
  )
  const [one, two] = [await atA(() => both('a')), await atB(() => both('b'))]
  await atB((server) => server.expectLogs(one, ['said at a']))
  await atA((server) => server.expectLogs(two, ['said at b']))
  const filter = { event: { name: ['said'] } }
  const ids = async ({ client }: TestServer) => {
    const { events } = await client.filterEvents({ body: { filter } })
    return events.map(({ resource }) => resource['prefect.resource.id'])
  }
  await expect.poll(() => atA(ids)).toEqual(['server.b', 'server.a'])
  expect(await atB(ids)).toEqual(['server.b', 'server.a'])
})

test('a deployment that is served through both at once is one, and each of its runs is carried out once', async () => {
  const done: number[] = []
  const middle = Promise.withResolvers<void>()
  const order = flow(
    async (n: number) => {
      done.push(n)
      if (done.length === 10) middle.resolve()
      return n
    },
    { name: 'order' },
  )
  const work = (signal: AbortSignal, onReady: () => void) =>
    serve([order.deployment('main')], { signal, onReady, pollSeconds: 1, limit: 3 })
  const begin = (n: number) => runDeployment<typeof order>('order/main', { parameters: { n } })
  const inBoth = Promise.withResolvers<void>()
  let ready = 0
  const over = Promise.withResolvers<void>()
  const served = [atB, atBoth].map((here) =>
    here(() =>
      serving(work, () => {
        if (++ready === 2) inBoth.resolve()
        return over.promise
      }),
    ),
  )
  await Promise.race([inBoth.promise, Promise.all(served)])
  try {
    await atBoth(async ({ client }) => {
      expect(await client.countDeployments({ body: {} })).toBe(1)
      const runs = await Promise.all(numbers(30).map(begin))
      await middle.promise
      await withoutA(async () => {
        expect(await Promise.all(runs.map((run) => run.result(SOON)))).toEqual(numbers(30))
        expect(sorted(done)).toEqual(numbers(30))
      })
    })
  } finally {
    over.resolve()
    await Promise.all(served)
  }
})
