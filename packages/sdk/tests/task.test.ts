import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { exponentialBackoff } from '../src/engine/delays.ts'
import { TimeoutError } from '../src/engine/errors.ts'
import { unmapped } from '../src/engine/map.ts'
import { Completed, Failed } from '../src/engine/states.ts'
import { asCompleted, wait } from '../src/engine/waiting.ts'
import { flow } from '../src/flow.ts'
import { runContext } from '../src/run-context.ts'
import { task } from '../src/task.ts'
import { cacheKey, type CachePolicy, INPUTS, RUN_ID } from '../src/cache/policy.ts'
import { memoryLocks } from '../src/locks.ts'
import { withFakeApi } from './helpers/fake-api.ts'

const double = task((x: number) => x * 2, { name: 'double' })
const fail = task(
  (): number => {
    throw new RangeError('too far')
  },
  { name: 'fail' },
)

/** Runs the body as a flow against a stand-in server. */
function inFlow<T>(body: () => Promise<T>) {
  return withFakeApi(async (api) => ({ api, state: await flow(body, { name: 'test-flow' }).returnState() }))
}

describe('calling a task', () => {
  test('gives the function’s result and records the run', async () => {
    const { api, state } = await inFlow(() => double(21))
    expect(state.result()).toBe(42)
    expect(api.taskRun('double-0').states).toEqual(['Pending', 'Running', 'Completed'])
  })

  test('throws what the function threw', async () => {
    const { api, state } = await inFlow(() => fail())
    expect(() => state.result()).toThrow(new RangeError('too far'))
    expect(api.taskRun('fail-0').state).toMatchObject({ type: 'FAILED', message: 'RangeError: too far' })
  })

  test('works outside of flows', async () => {
    await withFakeApi(async (api) => {
      expect(await double(4)).toBe(8)
      expect([...api.taskRuns.values()]).toMatchObject([{ flow_run_id: null, state: { type: 'COMPLETED' } }])
    })
  })

  test('returnState does not throw', async () => {
    const { state } = await inFlow(async () => (await fail.returnState()).name)
    expect(state.result()).toBe('Failed')
  })

  test('a returned state is the run’s state', async () => {
    const skip = task(() => Completed({ name: 'Skipped', data: 7 }), { name: 'skip' })
    const refuse = task(() => Failed({ message: 'not today' }), { name: 'refuse' })
    const { api, state } = await inFlow(async () => [await skip(), (await refuse.returnState()).message])
    expect(state.result()).toEqual([7, 'not today'])
    expect(api.taskRun('skip-0').state.name).toBe('Skipped')
  })

  test('.fn is the plain function and records nothing', async () => {
    await withFakeApi(async (api) => {
      expect(double.fn(3)).toBe(6)
      expect(api.calls).toBe(0)
    })
  })
})

describe('names', () => {
  test('runs are numbered; templates and functions see the inputs', async () => {
    const load = task((table: string, at: Date) => `${table}${at.getTime()}`, {
      name: 'load',
      runName: 'load-{table}-{at}',
    })
    const named = double.withOptions({ runName: (x) => `twice ${x}` })
    const { api } = await inFlow(async () => {
      await Promise.all([double(1), double(2), load('orders', new Date(0)), named(5)])
    })
    const names = [...api.taskRuns.values()].map(({ name }) => name)
    expect(names.toSorted()).toEqual([
      'double-0',
      'double-1',
      'load-orders-1970-01-01T00:00:00.000Z',
      'twice 5',
    ])
  })

  test('a task of a nameless function asks for a name', () => {
    expect(() => task(() => 1)).toThrow('needs one')
  })
})

describe('futures', () => {
  test('as arguments are waited for and recorded as inputs', async () => {
    const sum = task((xs: number[], extra: { y: number }) => xs.reduce((a, b) => a + b, extra.y), {
      name: 'sum',
    })
    const { api, state } = await inFlow(async () => {
      const [a, b, c] = [double.submit(1), double.submit(2), double.submit(3)]
      return sum([a, b], { y: c })
    })
    expect(state.result()).toBe(12)
    const ids = ['double-0', 'double-1', 'double-2'].map((name) => ({
      input_type: 'task_run',
      id: api.taskRun(name).id,
    }))
    expect(api.taskRun('sum-0').task_inputs).toEqual({ xs: ids.slice(0, 2), extra: [ids[2]] })
  })

  test('results that are objects are known to come from their task run', async () => {
    const make = task(() => ({ rows: 3 }), { name: 'make' })
    const use = task((table: { rows: number }) => table.rows, { name: 'use' })
    const { api } = await inFlow(async () => use(await make()))
    expect(api.taskRun('use-0').task_inputs).toEqual({
      table: [{ input_type: 'task_run', id: api.taskRun('make-0').id }],
    })
  })

  test('a run whose upstream failed is not run', async () => {
    const { api, state } = await inFlow(async () => double(fail.submit()))
    expect(api.taskRun('double-0').states).toEqual(['Pending', 'NotReady'])
    expect(() => state.result()).toThrow('did not complete')
  })

  test('waitFor orders runs that share no data', async () => {
    const order: string[] = []
    const slow = task(
      async () => {
        await new Promise(setImmediate)
        order.push('slow')
      },
      { name: 'slow' },
    )
    const after = task(() => void order.push('after'), { name: 'after' })
    const { api } = await inFlow(async () => {
      const first = slow.submit()
      await after.waitFor(first)()
    })
    expect(order).toEqual(['slow', 'after'])
    expect(api.taskRun('after-0').task_inputs).toMatchObject({ wait_for: [{ id: api.taskRun('slow-0').id }] })
  })

  test('a failed run that nobody waited for neither ends the process nor fails the flow', async () => {
    const { api, state } = await inFlow(async () => {
      fail.submit()
      return 'fine'
    })
    expect(state.result()).toBe('fine')
    expect(api.taskRun('fail-0').state.name).toBe('Failed')
  })

  test('the flow run ends after the runs that it did not wait for', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = task(() => gate.promise, { name: 'slow' })
    const { api } = await inFlow(async () => {
      slow.submit()
      setImmediate(gate.resolve)
    })
    expect(api.taskRun('slow-0').state.type).toBe('COMPLETED')
    expect(api.onlyFlowRun.state.type).toBe('COMPLETED')
  })

  test('asCompleted gives them in the order they finish, wait tells which are done', async () => {
    const gates = [
      Promise.withResolvers<number>(),
      Promise.withResolvers<number>(),
      Promise.withResolvers<number>(),
    ]
    const gated = task((i: number) => gates[i]!.promise, { name: 'gated' })
    const { state } = await inFlow(async () => {
      const futures = gated.map([0, 1, 2])
      gates[1]!.resolve(1)
      const { done, notDone } = await wait(futures, 0.5)
      const seen: number[] = []
      gates[2]!.reject(new Error('two'))
      for await (const { index, state } of asCompleted(futures)) {
        seen.push(state.isCompleted ? index : -index)
        if (seen.length === 2) gates[0]!.resolve(0)
      }
      return { done: done.length, notDone: notDone.length, seen }
    })
    expect(state.result()).toEqual({ done: 1, notDone: 2, seen: [1, -2, 0] })
  })
})

describe('map', () => {
  test('runs once an element and gives the results in order', async () => {
    const add = task((x: number, ys: number[]) => x + ys.length, { name: 'add' })
    const { api, state } = await inFlow(async () => add.map(new Set([1, 2, 3]), unmapped([0, 0])))
    expect(state.result()).toEqual([3, 4, 5])
    expect(api.taskRuns.size).toBe(3)
  })

  test('takes the futures of another map one by one', async () => {
    const { state } = await inFlow(async () => double.map(double.map([1, 2])).result())
    expect(state.result()).toEqual([4, 8])
  })
})

describe('retries', () => {
  function failing(times: number) {
    let left = times
    return () => {
      if (left-- > 0) throw new Error(`${left + 1} to go`)
      return runContext().taskRun!.runCount
    }
  }

  test('the server grants them; the function sees which try it is', async () => {
    const flaky = task(failing(2), {
      name: 'flaky',
      retries: 3,
      retryDelaySeconds: exponentialBackoff(0.01),
      retryJitterFactor: 0.5,
    })
    const { api, state } = await inFlow(() => flaky())
    expect(state.result()).toBe(3)
    const run = api.taskRun('flaky-0')
    expect(run.states).toEqual([
      'Pending',
      'Running',
      'AwaitingRetry',
      'Running',
      'AwaitingRetry',
      'Running',
      'Completed',
    ])
    expect(run.empirical_policy).toEqual({
      retries: 3,
      retry_delay: [0.01, 0.02, 0.04],
      retry_jitter_factor: 0.5,
    })
  })

  test('a returned failure is retried like a thrown one', async () => {
    let tries = 0
    const flaky = task(() => (++tries < 2 ? Failed<number>({ message: 'no' }) : Completed({ data: tries })), {
      name: 'flaky',
      retries: 1,
    })
    const { state } = await inFlow(() => flaky())
    expect(state.result()).toBe(2)
  })

  test('retryCondition says no for failures that another try would not mend', async () => {
    const flaky = task(failing(5), {
      name: 'flaky',
      retries: 4,
      retryCondition: (error) => !String(error).includes('4 to go'),
    })
    const { api } = await inFlow(() => flaky())
    expect(api.taskRun('flaky-0').states).toEqual([
      'Pending',
      'Running',
      'AwaitingRetry',
      'Running',
      'Failed',
    ])
  })

  test('a retryCondition that fails means no', async () => {
    const retryCondition = () => {
      throw new Error('broken')
    }
    const { api } = await inFlow(() => fail.withOptions({ retries: 2, retryCondition })())
    expect(api.taskRun('fail-0').states).toEqual(['Pending', 'Running', 'Failed'])
  })
})

describe('timeouts', () => {
  test('end the run as TimedOut and abort the signal of the context', async () => {
    let aborted: unknown
    const stuck = task(
      async () => {
        const { signal } = runContext()
        await once(signal, 'abort')
        aborted = signal.reason
      },
      { name: 'stuck', timeoutSeconds: 0.01 },
    )
    const { api, state } = await inFlow(() => stuck())
    expect(state.error).toBeInstanceOf(TimeoutError)
    expect(aborted).toBeInstanceOf(TimeoutError)
    expect(api.taskRun('stuck-0').state).toMatchObject({ type: 'FAILED', name: 'TimedOut' })
  })

  test('are retried like other failures', async () => {
    let tries = 0
    const slow = task(async () => (++tries < 2 ? new Promise(() => {}) : 'ok'), {
      name: 'slow',
      timeoutSeconds: 0.01,
      retries: 1,
    })
    const { state } = await inFlow(() => slow())
    expect(state.result()).toBe('ok')
  })
})

describe('caching', () => {
  test('the second call with equal inputs does not run', async () => {
    let calls = 0
    const rate = task((currency: string) => `${currency}${++calls}`, { name: 'rate', cachePolicy: INPUTS })
    const { api, state } = await inFlow(async () => [await rate('EUR'), await rate('EUR'), await rate('USD')])
    expect(state.result()).toEqual(['EUR1', 'EUR1', 'USD2'])
    expect(api.taskRun('rate-1').states).toEqual(['Pending', 'Cached'])
  })

  test('refreshCache runs anyway and replaces the result', async () => {
    let calls = 0
    const rate = task(() => ++calls, { name: 'rate', cachePolicy: cacheKey(() => 'mine') })
    const { state } = await inFlow(async () => [
      await rate(),
      await rate.withOptions({ refreshCache: true })(),
      await rate(),
    ])
    expect(state.result()).toEqual([1, 2, 2])
  })

  test('an expiration is told to the server', async () => {
    const rate = task(() => 1, { name: 'rate', cachePolicy: INPUTS, cacheExpirationSeconds: 60 })
    const { api } = await inFlow(() => rate())
    const { cache_expiration: expires } = api.taskRun('rate-0').state.state_details
    expect(Date.parse(String(expires)) - Date.now()).toBeGreaterThan(50_000)
  })

  test('inputs that cannot be hashed, and persistResult: false, run without cache', async () => {
    let calls = 0
    const apply = task((fn: () => number) => fn() + ++calls, { name: 'apply', cachePolicy: INPUTS })
    const off = apply.withOptions({ cachePolicy: cacheKey(() => 'k'), persistResult: false })
    const zero = () => 0
    const { api, state } = await inFlow(async () => [
      await apply(zero),
      await apply(zero),
      await off(zero),
      await off(zero),
    ])
    expect(state.result()).toEqual([1, 2, 3, 4])
    expect(api.taskRun('apply-3').state.state_details.cache_key).toBeUndefined()
    const warnings = api.logs.filter(({ level }) => level === 30).map(({ message }) => message)
    expect(warnings).toEqual([
      expect.stringContaining('runs without cache'),
      expect.stringContaining('persistResult is false: nothing is cached'),
    ])
  })

  test('persistResult: false leaves no result on the server', async () => {
    const { api } = await inFlow(async () => {
      await double(1)
      await double.withOptions({ persistResult: false })(2)
    })
    expect(api.taskRun('double-0').state.data).toMatchObject({ type: 'reference', inline: '2' })
    expect(api.taskRun('double-1').state.data).toBeNull()
  })

  test('runs of one key take turns when the policy is serializable', async () => {
    let calls = 0
    const slow = (name: string, cachePolicy: CachePolicy) =>
      task(
        async (_: number) => {
          await new Promise((resolve) => setImmediate(resolve))
          return ++calls
        },
        { name, cachePolicy },
      )
    const together = async (cachePolicy: CachePolicy) => {
      calls = 0
      const counted = slow('counted', cachePolicy)
      await inFlow(async () => {
        await counted.map([1, 1, 1, 2])
      })
      return calls
    }
    expect(await together(INPUTS)).toBe(4)
    expect(await together(INPUTS.serializable(memoryLocks()))).toBe(2)
    const inTurn = INPUTS.serializable(memoryLocks())
    for (const policy of [inTurn.and(RUN_ID), RUN_ID.and(inTurn), inTurn.without('nothing')])
      expect(await together(policy)).toBe(2)
  })

  test('a result that cannot be kept fails a cached task', async () => {
    const rate = task(() => () => 1, { name: 'rate', cachePolicy: INPUTS })
    const { api } = await inFlow(() => rate())
    expect(api.taskRun('rate-0').state.message).toContain('$ is a function')
  })
})

describe('hooks', () => {
  test('are called with the run and its state, also in retries; a broken one is only logged', async () => {
    const seen: string[] = []
    const note = (run: { name: string }, state: { name: string }) =>
      void seen.push(`${run.name} ${state.name}`)
    const broken = () => {
      throw new Error('hook')
    }
    let left = 1
    const flaky = task(
      () => {
        if (left-- > 0) throw new Error('once')
      },
      {
        name: 'flaky',
        retries: 1,
        onRunning: note,
        onCompletion: [broken, note],
        onFailure: note,
      },
    )
    const { api } = await inFlow(async () => {
      await flaky()
      await fail.withOptions({ onFailure: note }).returnState()
    })
    expect(seen).toEqual(['flaky-0 Running', 'flaky-0 Running', 'flaky-0 Completed', 'fail-0 Failed'])
    expect(api.logs.map(({ message }) => message)).toContain("Hook 'broken' failed: Error: hook")
  })
})
