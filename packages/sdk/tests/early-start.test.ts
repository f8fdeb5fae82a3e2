import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Transport } from '../src/client/transport.ts'
import { CancelledRun } from '../src/engine/errors.ts'
import { flow } from '../src/flow.ts'
import { tags } from '../src/tags.ts'
import { type Task, type TaskOptions, task } from '../src/index.ts'
import { transaction } from '../src/transactions.ts'
import { withPipeline } from './helpers/pipeline-api.ts'

let names = 0
/** Of a flow that is called for the first time, and so waits for the server. */
const fresh = () => `flow-${names++}`

/** A task that is known to give its process back at once, as after its first call. */
async function known<R>(fn: () => R, options: TaskOptions<[], any> = {}): Promise<Task<[], Awaited<R>>> {
  const short = task(fn, { name: `short-${names++}`, ...options }) as unknown as Task<[], Awaited<R>>
  await withPipeline(() => short.withOptions({ tags: ['first'] })())
  return short
}

/** The process's own clock, in ms, which only tests move. */
let now = 1000
beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now))
afterEach(() => vi.restoreAllMocks())

test('the end of a task that is over at once goes with its start, with the time that it took', async () => {
  const busy = await known(() => {
    now += 3
    return 7
  })
  await withPipeline(async (api) => {
    expect(await flow(async () => [await busy(), await busy()], { name: fresh() })()).toEqual([7, 7])
    expect(api.asked).toEqual(['start+end', 'start+end'])
    expect(api.ages).toEqual([0.003, 0.003])
    expect(api.taskRun(`${busy.name}-1`).states).toEqual(['Pending', 'Running', 'Completed'])
  })
})

test('the start of one that takes longer leaves while it runs, and its end follows', async () => {
  let over = () => {}
  let calls = 0
  const slow = await known(async () => {
    if (calls++ > 0) await new Promise<void>((resolve) => (over = resolve))
  })
  await withPipeline(async (api) => {
    const run = flow(() => slow(), { name: fresh() })()
    await vi.waitFor(() => expect(api.asked).toEqual(['start']))
    over()
    await run
    expect(api.asked).toEqual(['start', 'COMPLETED'])
    expect(api.taskRun(`${slow.name}-0`).states).toEqual(['Pending', 'Running', 'Completed'])
  })
})

test('a task that fails is tried again, asking first', async () => {
  let calls = 0
  const flaky = await known(
    () => {
      if (calls++ === 1) throw new Error('once')
      return calls
    },
    { retries: 1 },
  )
  await withPipeline(async (api) => {
    expect(await flow(() => flaky(), { name: fresh() })()).toBe(3)
    expect(api.asked).toEqual(['start+end', 'RUNNING', 'COMPLETED'])
  })
})

test('a start that the server refuses stops the flow, whatever the function gave', async () => {
  const act = await known(() => 'done')
  await withPipeline(async (api) => {
    api.refusals.push('ABORT')
    const state = await flow(() => act(), { name: fresh() }).returnState()
    expect(state.error).toBeInstanceOf(CancelledRun)
    expect(api.taskRun(`${act.name}-0`).states).toEqual(['Pending'])
  })
})

test('a start that a pause holds up is put again after it, and the function is not called twice', async () => {
  let calls = 0
  const act = await known(() => ++calls)
  await withPipeline(async (api) => {
    api.refusals.push('PAUSED')
    expect(await flow(() => act(), { name: fresh() })()).toBe(2)
    expect(calls).toBe(2)
    expect(api.asked).toEqual(['start+end', 'RUNNING', 'COMPLETED'])
  })
}, 20_000)

test('a start that is not taken at all fails the flow', async () => {
  const act = await known(() => 'done')
  await withPipeline(async (api) => {
    api.gate = Promise.reject(new Error('not taken'))
    await expect(flow(() => act(), { name: fresh() })()).rejects.toThrow('not taken')
  })
})

test('the server is asked first when it has not spoken for a while', async () => {
  const act = await known(() => 1)
  await withPipeline(async (api) => {
    await flow(
      async () => {
        await act()
        now += 100
        await act()
        await act()
      },
      { name: fresh() },
    )()
    expect(api.asked).toEqual(['start+end', 'asks', 'COMPLETED', 'start+end'])
  })
})

test.each<[string, TaskOptions, (act: Task<[], number>) => unknown]>([
  ['has tags, which may have limits', { tags: ['a'] }, (act) => act()],
  ['takes the tags around it', {}, (act) => tags(['b'], () => act())],
  ['has somebody who is told when it runs', { onRunning: () => {} }, (act) => act()],
  ['is part of a transaction', {}, (act) => transaction(() => act())],
  ['is called by a task', {}, (act) => task(() => act(), { name: 'outer' })()],
])('the server is asked first for a task that %s', async (_, options, call) => {
  const act = (await known(() => 1)).withOptions(options)
  await withPipeline(async (api) => {
    await flow(async () => call(act), { name: fresh() })()
    expect(api.asked.filter((each) => each.startsWith('start'))).toEqual([])
    expect(api.taskRun([...api.taskRuns.values()].at(-1)?.name ?? '').states).toContain('Completed')
  })
})

test.each([
  ['before it returned', (hold: () => void) => hold()],
  ['in a chain of promises', async (hold: () => void) => (await Promise.resolve(), hold())],
])('the server is asked first for a task that has held its process up %s', async (_, call) => {
  let milliseconds = 0
  const act = await known(() => call(() => void (now += milliseconds)))
  await withPipeline(async (api) => {
    milliseconds = 50
    await flow(async () => (await act(), await act()), { name: fresh() })()
    expect(api.asked).toEqual(['start+end', 'asks', 'COMPLETED'])
  })
})

test('the second attempt of a flow run asks first, for its runs may be there already', async () => {
  let calls = 0
  const act = await known(() => ++calls)
  await withPipeline(async (api) => {
    const twice = flow(
      async () => {
        await act()
        if (calls < 3) throw new Error('once')
      },
      { name: fresh(), retries: 1 },
    )
    await twice.returnState()
    expect(api.asked[0]).toBe('start+end')
    expect(api.asked.slice(1)).not.toContain('start+end')
    expect(calls).toBe(2)
  })
})

test('other calls wait until the server knows of the run that makes them', async () => {
  const gate = Promise.withResolvers<void>()
  const order: string[] = []
  const answer = async () => (order.push('asked'), Response.json([]))
  const transport = new Transport({ url: 'http://fake.invalid/api', fetch: answer as typeof fetch })
  let asks = false
  const act = await known(async () => {
    if (asks) await transport.send({ method: 'GET', path: '/artifacts/1', call: 'readArtifact' })
  })
  asks = true
  await withPipeline(async (api) => {
    api.gate = gate.promise
    const run = flow(() => act(), { name: fresh() })()
    await vi.waitFor(() => expect(api.asked).toEqual(['start']))
    order.push('known')
    gate.resolve()
    await run
    expect(order).toEqual(['known', 'asked'])
  })
})
