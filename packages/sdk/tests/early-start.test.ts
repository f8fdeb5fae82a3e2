import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineApi } from '../src/engine/api.ts'
import { Transport } from '../src/client/transport.ts'
import { runtimeOver } from '../src/engine/connect.ts'
import { CancelledRun } from '../src/engine/errors.ts'
import type { Pipeline } from '../src/engine/pipeline.ts'
import { runInScope } from '../src/engine/scope.ts'
import { flow } from '../src/flow.ts'
import { memoryStorage } from '../src/results/memory-storage.ts'
import { readSettings } from '../src/settings.ts'
import { tags } from '../src/tags.ts'
import { type Task, type TaskOptions, task } from '../src/index.ts'
import { transaction } from '../src/transactions.ts'
import { FakeApi } from './helpers/fake-api.ts'

interface Start {
  task_run: Record<string, unknown>
  state: never
  end?: { state_details: object } | undefined
  age_seconds?: number
}

/** A stand-in with a pipeline, which notes what it is asked, and may refuse starts. */
class PipelineApi extends FakeApi {
  /** `start`, `start+end` or the state that is proposed, for each call about a task run, in order. */
  readonly asked: string[] = []
  readonly ages: number[] = []
  /** Stands in for Running as often as there are some. */
  readonly refusals: ('ABORT' | 'PAUSED')[] = []
  /** Starts are answered when this resolves. */
  gate: Promise<void> | undefined

  constructor() {
    super()
    const set = this.setTaskRunState
    this.setTaskRunState = async (input) => {
      this.asked.push(input.body.state.type)
      return set(input)
    }
    this.startTaskRun = async ({ body: { task_run: given, state, end, age_seconds } }) => {
      if (end !== undefined || age_seconds !== undefined) this.asked.push(end ? 'start+end' : 'start')
      else this.asked.push('asks')
      this.ages.push(age_seconds ?? 0)
      await this.gate
      const made = await this.createTaskRun({ body: given })
      const stored = this.taskRuns.get(made.id)
      if (stored && given.id) this.taskRuns.set((stored.id = given.id as string), stored)
      const task_run = { ...made, id: stored?.id ?? made.id }
      const params = { id: task_run.id }
      const refusal = this.refusals.shift()
      const answer = { task_run, end: null, flow_run_state_type: 'RUNNING' }
      if (refusal) return { ...answer, result: refused(refusal), flow_run_state_type: refusal }
      const result = await set({ params, body: { state } })
      return { ...answer, result, end: end ? await set({ params, body: { state: end as never } }) : null }
    }
  }

  startTaskRun: (input: { body: Start }) => Promise<{ task_run: unknown; result: unknown; end: unknown }>

  startFlowRun = async ({ body }: { body: { flow_run: Record<string, unknown>; state: never } }) => {
    const flow_run = await this.createFlowRun({ body: body.flow_run })
    const input = { params: { id: flow_run.id }, body: { state: body.state } }
    return { flow_run, result: await this.setFlowRunState(input) }
  }
}

function refused(how: 'ABORT' | 'PAUSED'): unknown {
  if (how === 'ABORT')
    return { status: 'ABORT', state: null, details: { type: 'abort_details', reason: 'no' } }
  const state = { type: 'PAUSED', name: 'Paused', state_details: {}, message: null, data: null }
  return { status: 'REJECT', state, details: { type: 'reject_details', reason: 'paused' } }
}

async function withPipeline<T>(fn: (api: PipelineApi) => Promise<T>): Promise<T> {
  const api = new PipelineApi()
  const settings = readSettings({ REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no', REEVE_CANCEL_GRACE_SECONDS: '0' })
  const runtime = runtimeOver(api as unknown as EngineApi, settings, { url: api.url })
  const pipeline = { isThere: async () => true, isOpen: true, close() {} } as unknown as Pipeline
  const results = { ...runtime.results, storage: memoryStorage() }
  return runInScope({ runtime: { ...runtime, results, pipeline } }, () => fn(api))
}

let names = 0
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
    expect(await flow(async () => [await busy(), await busy()], { name: 'f' })()).toEqual([7, 7])
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
    const run = flow(() => slow(), { name: 'f' })()
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
    expect(await flow(() => flaky(), { name: 'f' })()).toBe(3)
    expect(api.asked).toEqual(['start+end', 'RUNNING', 'COMPLETED'])
  })
})

test('a start that the server refuses stops the flow, whatever the function gave', async () => {
  const act = await known(() => 'done')
  await withPipeline(async (api) => {
    api.refusals.push('ABORT')
    const state = await flow(() => act(), { name: 'f' }).returnState()
    expect(state.error).toBeInstanceOf(CancelledRun)
    expect(api.taskRun(`${act.name}-0`).states).toEqual(['Pending'])
  })
})

test('a start that a pause holds up is put again after it, and the function is not called twice', async () => {
  let calls = 0
  const act = await known(() => ++calls)
  await withPipeline(async (api) => {
    api.refusals.push('PAUSED')
    expect(await flow(() => act(), { name: 'f' })()).toBe(2)
    expect(calls).toBe(2)
    expect(api.asked).toEqual(['start+end', 'RUNNING', 'COMPLETED'])
  })
}, 20_000)

test('a start that is not taken at all fails the flow', async () => {
  const act = await known(() => 'done')
  await withPipeline(async (api) => {
    api.gate = Promise.reject(new Error('not taken'))
    await expect(flow(() => act(), { name: 'f' })()).rejects.toThrow('not taken')
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
      { name: 'f' },
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
    await flow(async () => call(act), { name: 'f' })()
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
    await flow(async () => (await act(), await act()), { name: 'f' })()
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
      { name: 'f', retries: 1 },
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
    const run = flow(() => act(), { name: 'f' })()
    await vi.waitFor(() => expect(api.asked).toEqual(['start']))
    order.push('known')
    gate.resolve()
    await run
    expect(order).toEqual(['known', 'asked'])
  })
})
