import { setTimeout as after } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../src/client/api-error.ts'
import { cacheKey } from '../src/cache/policy.ts'
import { CancelledRun } from '../src/engine/errors.ts'
import { flow } from '../src/flow.ts'
import { log } from '../src/logs/logger.ts'
import { runContext } from '../src/run-context.ts'
import { tags } from '../src/tags.ts'
import { task } from '../src/task.ts'
import type { ReeveClient } from '../src/with-server.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()

async function namesOfStates(client: ReeveClient, taskRunId: string): Promise<string[]> {
  const states = await client.readTaskRunStates({ query: { task_run_id: taskRunId } })
  return states.map(({ name }) => name)
}

const double = task((x: number) => x * 2, { name: 'double' })

describe('against a server', () => {
  test('a flow run and its task runs are recorded with states, inputs, tags and logs', async () => {
    await withServer(async ({ client }) => {
      const etl = flow(
        async (start: number) => {
          log.info('starting', { start })
          return double(double.submit(start))
        },
        { name: 'sdk-etl', tags: ['own'] },
      )
      const future = tags(['outer'], () => etl.submit(3))
      expect(await future).toBe(12)
      const id = await future.runId
      const run = await client.readFlowRun({ params: { id } })
      expect(run).toMatchObject({ state_type: 'COMPLETED', run_count: 1, parameters: { start: 3 } })
      expect(run.tags.toSorted()).toEqual(['outer', 'own'])
      const taskRuns = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } })
      const [first, second] = taskRuns.toSorted((a, b) => a.name.localeCompare(b.name))
      expect(second!.task_inputs).toEqual({ x: [{ input_type: 'task_run', id: first!.id }] })
      expect(await namesOfStates(client, first!.id)).toEqual(['Pending', 'Running', 'Completed'])
      const logs = await client.filterLogs({ body: { logs: { flow_run_id: { any_: [id] } } } })
      expect(logs.map(({ message }) => message)).toContain('starting start=3')
    })
  })

  test('a task is retried under the server’s rules', async () => {
    await withServer(async ({ client }) => {
      let tries = 0
      const flaky = task(
        () => {
          if (++tries < 3) throw new Error(`try ${tries}`)
          return runContext().taskRun!.id
        },
        { name: 'flaky', retries: 2, retryDelaySeconds: [0, 0.05] },
      )
      const id = await flow(() => flaky(), { name: 'sdk-retries' })()
      expect(await namesOfStates(client, id)).toEqual([
        'Pending',
        'Running',
        'AwaitingRetry',
        'Retrying',
        'AwaitingRetry',
        'Retrying',
        'Completed',
      ])
    })
  })

  test('retries end when they are used up, and when the condition says so', async () => {
    await withServer(async ({ client }) => {
      const broken = task(
        (): never => {
          throw new Error('broken')
        },
        { name: 'broken', retries: 1 },
      )
      const future = flow(
        async () => [broken.submit(), broken.withOptions({ retryCondition: () => false }).submit()],
        {
          name: 'sdk-failures',
        },
      ).submit()
      await expect(future.result()).rejects.toThrow('broken')
      const runs = await client.filterTaskRuns({
        body: { flow_runs: { id: { any_: [await future.runId] } } },
      })
      expect(runs.map((run) => [run.state_name, run.run_count]).toSorted()).toEqual([
        ['Failed', 1],
        ['Failed', 2],
      ])
    })
  })

  test('the second call with the same key is Cached', async () => {
    await withServer(async ({ client }) => {
      let calls = 0
      const key = crypto.randomUUID()
      const rate = task(() => new Map([['EUR', BigInt(++calls)]]), {
        name: 'rate',
        cachePolicy: cacheKey(() => key),
      })
      const future = flow(async () => [await rate(), await rate()], { name: 'sdk-cache' }).submit()
      expect(await future).toEqual([new Map([['EUR', 1n]]), new Map([['EUR', 1n]])])
      const runs = await client.filterTaskRuns({
        body: { flow_runs: { id: { any_: [await future.runId] } } },
      })
      expect(runs.map((run) => run.state_name).toSorted()).toEqual(['Cached', 'Completed'])
    })
  })

  test('a failed flow run that is resumed repeats only what had not completed', async () => {
    await withServer(async ({ client }) => {
      const calls: string[] = []
      let broken = true
      const step = task((name: string) => void calls.push(name), { name: 'step' })
      const etl = flow(
        async (last: string) => {
          await step('extract')
          await step('transform')
          if (broken) throw new Error('no space left')
          await step(last)
        },
        { name: 'sdk-resume' },
      )
      const future = etl.submit('load')
      await expect(future.result()).rejects.toThrow('no space left')
      broken = false
      await etl.resume(await future.runId)
      expect(calls).toEqual(['extract', 'transform', 'load'])
      const run = await client.readFlowRun({ params: { id: await future.runId } })
      expect(run).toMatchObject({ state_type: 'COMPLETED', run_count: 2 })
    })
  })

  test('a subflow that completed is not repeated when its parent is retried', async () => {
    await withServer(async ({ client }) => {
      let [children, tries] = [0, 0]
      const child = flow(async (x: number) => double(x + ++children), { name: 'sdk-child' })
      const parent = flow(
        async () => {
          const result = await child(1)
          if (++tries < 2) throw new Error('after the child')
          return result
        },
        { name: 'sdk-parent', retries: 1 },
      )
      const future = parent.submit()
      expect(await future).toBe(4)
      expect(children).toBe(1)
      const [tracking] = await client.filterTaskRuns({
        body: { flow_runs: { id: { any_: [await future.runId] } } },
      })
      expect(tracking).toMatchObject({
        state_type: 'COMPLETED',
        state: { state_details: { child_flow_run_id: expect.any(String) } },
      })
    })
  })

  test('a timeout ends task and flow as TimedOut', async () => {
    await withServer(async () => {
      const slow = task(() => after(60_000, undefined, { signal: runContext().signal }), {
        name: 'slow',
        timeoutSeconds: 0.05,
      })
      const state = await flow(() => slow.returnState(), { name: 'sdk-timeout' }).returnState()
      expect(state).toMatchObject({ type: 'FAILED', name: 'TimedOut' })
    })
  })

  test('cancelling on the server stops the run here', async () => {
    await withServer(
      async ({ client }) => {
        const started = Promise.withResolvers<string>()
        const wait = task(
          async () => {
            const { flowRun, signal } = runContext()
            started.resolve(flowRun!.id)
            await after(60_000, undefined, { signal })
          },
          { name: 'wait' },
        )
        const future = flow(() => wait(), { name: 'sdk-cancel' }).submit()
        const id = await started.promise
        await client.setFlowRunState({ params: { id }, body: { state: { type: 'CANCELLING' } } })
        const state = await future.state()
        expect(state.type).toBe('CANCELLED')
        expect(() => state.result()).toThrow(CancelledRun)
        expect(await client.readFlowRun({ params: { id } })).toMatchObject({ state_type: 'CANCELLED' })
      },
      { REEVE_CANCEL_POLL_SECONDS: '0.1' },
    )
  })

  test('many runs at once keep apart', async () => {
    await withServer(async () => {
      const f = flow(async (x: number) => double.map([x, x + 1, x + 2]), { name: 'sdk-many' })
      const results = await Promise.all(Array.from({ length: 5 }, (_, i) => f(i * 10)))
      expect(results).toEqual(Array.from({ length: 5 }, (_, i) => [i * 20, i * 20 + 2, i * 20 + 4]))
    })
  })
})

test('a flow run that cannot go on fails for its caller, who can catch it, and for nobody else', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  try {
    await withServer(async ({ client }) => {
      const vanishing = flow(
        async () => {
          await client.deleteFlowRun({ params: { id: runContext().flowRun!.id } })
        },
        { name: 'vanishing' },
      )
      await expect(vanishing()).rejects.toThrow(ApiError)
      await new Promise(setImmediate)
    })
  } finally {
    process.off('unhandledRejection', note)
  }
  expect(unhandled).toEqual([])
})
