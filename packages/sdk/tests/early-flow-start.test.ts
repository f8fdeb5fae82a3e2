import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AbortedRun } from '../src/engine/errors.ts'
import { artifact, type FlowOptions, flow, log, runContext, sleep, task, transaction } from '../src/index.ts'
import { withPipeline } from './helpers/pipeline-api.ts'
import { sharedServer } from './helpers/shared-server.ts'

let names = 0
const double = task((x: number) => 2 * x, { name: 'double' })

/** A flow that was called before, and so is known to give its process back at once; like its task. */
async function known<R>(fn: () => Promise<R>, options: Partial<FlowOptions<[]>> = {}) {
  const short = flow(fn, { name: `short-${names++}` })
  await withPipeline(() => flow(async () => (await double(1), short().catch(() => {})), { name: 'first' })())
  return short.withOptions(options)
}

describe('with a server that is there', () => {
  /** The process's own clock, in ms, which only tests move. */
  let now = 1000
  beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => now))
  afterEach(() => vi.restoreAllMocks())

  test('the start of a flow run takes those of its first task runs along, and their ends', async () => {
    const sum = await known(async () => {
      now += 2
      const [a, b] = await Promise.all([double(1), double(2)])
      return a + b + (await double(3))
    })
    await withPipeline(async (api) => {
      expect(await sum()).toBe(12)
      const [start] = api.flowStarts
      expect(start?.age_seconds).toBe(0.002)
      expect(start?.task_runs?.map(({ end }) => end !== undefined)).toEqual([true, true])
      expect(api.asked).toEqual(['start+end', 'start+end', 'start+end'])
      expect(api.onlyFlowRun.states).toEqual(['Pending', 'Running', 'Completed'])
      expect(api.onlyFlowRun).toMatchObject({ id: start?.flow_run.id, name: start?.flow_run.name })
    })
  })

  test('the run is known to its own function and to its caller before the server knows of it', async () => {
    const own = await known(async () => runContext().flowRun?.id)
    await withPipeline(async (api) => {
      const gate = Promise.withResolvers<void>()
      api.flowGate = gate.promise
      const run = own.submit()
      const id = await run.runId
      expect(api.flowRuns.size).toBe(0)
      gate.resolve()
      expect(await run).toBe(id)
      expect(api.onlyFlowRun.id).toBe(id)
    })
  })

  test('a start that the server refuses stops the run, whatever the function gave', async () => {
    const act = await known(() => double(1))
    await withPipeline(async (api) => {
      api.flowRefusals.push('ABORT')
      await expect(act()).rejects.toBeInstanceOf(AbortedRun)
      expect(api.onlyFlowRun.states).not.toContain('Completed')
    })
  })

  test('a start that is held up is put again, and the function is not called twice', async () => {
    let calls = 0
    const act = await known(async () => ++calls)
    await withPipeline(async (api) => {
      api.flowRefusals.push('PAUSED')
      expect(await act()).toBe(2)
      expect(calls).toBe(2)
      expect(api.onlyFlowRun.states).toEqual(['Pending', 'Running', 'Completed'])
    })
  }, 20_000)

  test('a start that is not taken at all ends the function and its tasks', async () => {
    let signal: AbortSignal | undefined
    const act = await known(async () => {
      signal = runContext().signal
      await double(1)
    })
    await withPipeline(async (api) => {
      const gate = Promise.withResolvers<void>()
      api.flowGate = gate.promise
      const run = act()
      await vi.waitFor(() => expect(api.flowStarts).toHaveLength(1))
      gate.reject(new Error('not taken'))
      await expect(run).rejects.toThrow('not taken')
      expect(signal?.aborted).toBe(true)
    })
  })

  test('a run that fails is tried again, asking first', async () => {
    let calls = 0
    const flaky = await known(
      async () => {
        if (calls++ === 1) throw new Error('once')
        return calls
      },
      { retries: 1 },
    )
    await withPipeline(async (api) => {
      expect(await flaky()).toBe(3)
      expect(api.onlyFlowRun.states).toEqual(['Pending', 'Running', 'AwaitingRetry', 'Running', 'Completed'])
    })
  })

  test('more than fifty tasks that begin at once do not all go along', async () => {
    const wide = await known(async () => {
      await Promise.all(Array.from({ length: 60 }, (_, n) => double(n)))
    })
    await withPipeline(async (api) => {
      await wide()
      expect(api.flowStarts[0]?.task_runs).toHaveLength(50)
      expect(api.taskRuns.size).toBe(60)
    })
  })

  test.each<[string, Partial<FlowOptions<[]>>, (act: () => Promise<unknown>) => unknown]>([
    ['has somebody who is told when it runs', { onRunning: () => {} }, (act) => act()],
    ['is part of a transaction', {}, (act) => transaction(async () => void (await act()))],
    ['is a subflow', {}, (act) => flow(async () => void (await act()), { name: `outer-${names++}` })()],
  ])('the server is asked first for a flow that %s', async (_, options, call) => {
    const act = await known(() => double(1), options)
    await withPipeline(async (api) => {
      await call(act)
      expect(api.flowStarts.flatMap(({ task_runs }) => task_runs ?? [])).toEqual([])
    })
  })

  test('the server is asked first for a flow that has held its process up', async () => {
    let milliseconds = 0
    const act = await known(async () => {
      now += milliseconds
      await double(1)
    })
    await withPipeline(async (api) => {
      milliseconds = 50
      await act()
      await act()
      expect(api.flowStarts.map(({ task_runs = [] }) => task_runs.length)).toEqual([1, 0])
    })
  })
})

const withServer = sharedServer()

test('what a flow asks of a real server waits until that knows of its run', async () => {
  await withServer(async ({ client }) => {
    const inner = flow(async () => 'inner', { name: 'inner' })
    const asks = {
      subflow: () => inner(),
      artifact: () => artifact.markdown('# early', { key: 'early' }),
      read: () => client.readFlowRun({ params: { id: runContext().flowRun!.id } }),
      filter: () =>
        client.filterFlowRuns({ body: { flow_runs: { id: { any_: [runContext().flowRun!.id] } } } }),
      background: () => double.delay(1),
      sleep: () => sleep('1 ms'),
      log: async () => log.info('early'),
    }
    for (const [name, ask] of Object.entries(asks)) {
      const early = flow(async () => ((await ask()) as unknown) ?? null, { name: `asks-${name}` })
      await early()
      const run = early.submit()
      const given = await run
      const id = await run.runId
      expect(await client.readFlowRun({ params: { id } })).toMatchObject({ state_type: 'COMPLETED' })
      if (name === 'filter') expect(given).toMatchObject([{ id }])
    }
  })
})
