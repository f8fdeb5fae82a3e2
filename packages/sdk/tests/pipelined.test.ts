import { expect, test } from 'vitest'
import type { EngineApi } from '../src/engine/api.ts'
import { runtimeOver } from '../src/engine/connect.ts'
import { CancelledRun } from '../src/engine/errors.ts'
import type { Pipeline } from '../src/engine/pipeline.ts'
import { runInScope } from '../src/engine/scope.ts'
import { flow } from '../src/flow.ts'
import { memoryStorage } from '../src/results/memory-storage.ts'
import { readSettings } from '../src/settings.ts'
import { task } from '../src/task.ts'
import { FakeApi } from './helpers/fake-api.ts'

type SetState = Parameters<FakeApi['setTaskRunState']>[0]

/** A stand-in with a pipeline, which holds completions of task runs back until they are let go. */
class SlowApi extends FakeApi {
  #held: (() => void)[] = []
  answer: 'take' | 'abort' = 'take'
  readonly #set: FakeApi['setTaskRunState']

  constructor() {
    super()
    this.#set = this.setTaskRunState
    this.setTaskRunState = async (input: SetState) => {
      const isEnd = input.body.state.type === 'COMPLETED'
      if (isEnd) await new Promise<void>((resolve) => this.#held.push(resolve))
      if (this.answer === 'take') return this.#set(input)
      return { status: 'ABORT', state: null, details: { type: 'abort_details', reason: 'no' } } as never
    }
  }

  startTaskRun = async ({ body }: { body: { task_run: Record<string, unknown>; state: never } }) => {
    const task_run = await this.createTaskRun({ body: body.task_run })
    return { task_run, result: await this.#set({ params: { id: task_run.id }, body: { state: body.state } }) }
  }

  startFlowRun = async ({ body }: { body: { flow_run: Record<string, unknown>; state: never } }) => {
    const flow_run = await this.createFlowRun({ body: body.flow_run })
    const input = { params: { id: flow_run.id }, body: { state: body.state } }
    return { flow_run, result: await this.setFlowRunState(input) }
  }

  get held(): number {
    return this.#held.length
  }

  letGo(): void {
    for (const go of this.#held.splice(0)) go()
  }
}

async function withSlowApi<T>(fn: (api: SlowApi) => Promise<T>): Promise<T> {
  const api = new SlowApi()
  const settings = readSettings({ REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no', REEVE_CANCEL_GRACE_SECONDS: '0' })
  const runtime = runtimeOver(api as unknown as EngineApi, settings, { url: api.url })
  const pipeline = { isThere: async () => true, close() {} } as unknown as Pipeline
  const results = { ...runtime.results, storage: memoryStorage() }
  return runInScope({ runtime: { ...runtime, results, pipeline } }, () => fn(api))
}

/** All that can happen without the server's answer has happened. */
const quiet = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function threeSteps(seen: string[], pipelined?: boolean) {
  const act = task((name: string) => (seen.push(`does ${name}`), name), { name: 'act' })
  return flow(
    async () => {
      seen.push(`has ${await act('a')}`)
      seen.push(`has ${await act('b')}`)
    },
    { name: 'f', pipelined },
  )
}

test('with pipelined: true the flow gets a result at once, and nothing durable comes before it is stored', async () => {
  await withSlowApi(async (api) => {
    const seen: string[] = []
    const run = threeSteps(seen, true).submit()
    await quiet()
    expect(seen).toEqual(['does a', 'has a'])
    expect(api.taskRun('act-1').state.type).toBe('RUNNING')
    api.letGo()
    await quiet()
    expect(seen).toEqual(['does a', 'has a', 'does b', 'has b'])
    expect(api.onlyFlowRun.state.type).toBe('RUNNING')
    expect(api.held).toBe(1)
    api.letGo()
    await run
    expect(api.onlyFlowRun.state.type).toBe('COMPLETED')
  })
})

test('without it the flow itself waits', async () => {
  await withSlowApi(async (api) => {
    const seen: string[] = []
    const run = threeSteps(seen).submit()
    await quiet()
    expect(seen).toEqual(['does a'])
    api.letGo()
    await quiet()
    api.letGo()
    await run
    expect(seen).toEqual(['does a', 'has a', 'does b', 'has b'])
  })
})

test('a completion that the server does not take stops the flow before the next task', async () => {
  await withSlowApi(async (api) => {
    const seen: string[] = []
    const run = threeSteps(seen, true).submit()
    await quiet()
    api.answer = 'abort'
    api.letGo()
    const state = await run.state()
    expect(seen).toEqual(['does a', 'has a'])
    expect(state.isCompleted).toBe(false)
    expect(state.error).toBeInstanceOf(CancelledRun)
  })
})
