import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { CancelledRun, MissingContextError, ParameterError } from '../src/engine/errors.ts'
import { Cancelled, Completed } from '../src/engine/states.ts'
import { ChangedStepError } from '../src/engine/changed-step.ts'
import { flow } from '../src/flow.ts'
import { log } from '../src/logs/logger.ts'
import { runContext, tryRunContext } from '../src/run-context.ts'
import { tags } from '../src/tags.ts'
import { task } from '../src/task.ts'
import { withFakeApi } from './helpers/fake-api.ts'

const double = task((x: number) => x * 2, { name: 'double' })
const fail = task(
  (): number => {
    throw new Error('broken')
  },
  { name: 'fail' },
)

test('records below the level are dropped', async () => {
  await withFakeApi(async (api) => {
    const talk = flow(
      () => {
        log.debug('too quiet')
        log.info('heard')
      },
      { name: 'talk' },
    )
    await talk()
    const messages = api.logs.map(({ message }) => message)
    expect(messages).toContain('heard')
    expect(messages).not.toContain('too quiet')
  })
})

describe('a flow run', () => {
  test('is created with name, parameters, tags and policy, and runs to Completed', async () => {
    await withFakeApi(async (api) => {
      const etl = flow(async (table: string, limit = 3) => `${table}${limit}`, {
        name: 'etl',
        version: '7',
        runName: 'etl-{table}',
        tags: ['daily'],
        retries: 2,
        retryDelaySeconds: 0.5,
      })
      expect(await tags(['outer'], () => tags(['inner'], () => etl('orders')))).toBe('orders3')
      expect(api.onlyFlowRun).toMatchObject({
        flow_id: 'etl',
        flow_version: '7',
        name: 'etl-orders',
        parameters: { table: 'orders' },
        tags: ['outer', 'inner', 'daily'],
        empirical_policy: { retries: 2, retry_delay: 1 },
        states: ['Pending', 'Running', 'Completed'],
      })
    })
  })

  test('fails with what the function threw', async () => {
    await withFakeApi(async (api) => {
      await expect(flow(() => fail(), { name: 'f' })()).rejects.toThrow('broken')
      expect(api.onlyFlowRun.state).toMatchObject({ type: 'FAILED', message: 'Error: broken' })
    })
  })

  test('that cannot be started rejects its call and nothing else, which would end the process', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listen)
    onTestFinished(() => void process.off('unhandledRejection', listen))
    await withFakeApi(async (api) => {
      api.createFlow = () => Promise.reject(new Error('no server'))
      await expect(flow(() => 1, { name: 'f' })()).rejects.toThrow('no server')
      await after(0)
      expect(unhandled).toEqual([])
    })
  })

  test('is retried in this process, and numbers its task runs anew', async () => {
    await withFakeApi(async (api) => {
      let tries = 0
      const flaky = flow(
        async () => {
          await double(1)
          if (++tries < 3) throw new Error('not yet')
          return runContext().flowRun!.runCount
        },
        { name: 'flaky', retries: 2 },
      )
      expect(await flaky()).toBe(3)
      expect(api.taskRuns.size).toBe(1)
      expect(api.onlyFlowRun.states.filter((name) => name === 'AwaitingRetry')).toHaveLength(2)
    })
  })

  test('does not repeat a task run that was completed in an earlier try', async () => {
    await withFakeApi(async () => {
      let [loads, tries] = [0, 0]
      const load = task((x: number) => ++loads + x, { name: 'load' })
      const etl = flow(
        async () => {
          const loaded = await load(10)
          if (++tries < 2) throw new Error('later step')
          return loaded
        },
        { name: 'etl', retries: 1 },
      )
      expect(await etl()).toBe(11)
      expect(loads).toBe(1)
    })
  })

  test('repeats a completed task run with other inputs if it is told to, and fails otherwise', async () => {
    await withFakeApi(async () => {
      let tries = 0
      const load = task((x: number) => x, { name: 'load' })
      const etl = flow(
        async () => {
          const loaded = await load(++tries)
          if (tries < 2) throw new Error('later step')
          return loaded
        },
        { name: 'etl', retries: 1, changedSteps: 'rerun' },
      )
      expect(await etl()).toBe(2)
      tries = 0
      await expect(etl.withOptions({ changedSteps: 'fail' })()).rejects.toThrow(ChangedStepError)
    })
  })

  test('persistResult: false repeats everything', async () => {
    await withFakeApi(async () => {
      let [loads, tries] = [0, 0]
      const load = task(() => ++loads, { name: 'load' })
      const etl = flow(
        async () => {
          const loaded = await load()
          if (++tries < 2) throw new Error('later step')
          return loaded
        },
        { name: 'etl', retries: 1, persistResult: false },
      )
      expect(await etl()).toBe(2)
    })
  })

  test('that takes too long ends as TimedOut and stops its tasks', async () => {
    await withFakeApi(async (api) => {
      const stuck = task(() => new Promise<void>(() => {}), { name: 'stuck' })
      const state = await flow(() => stuck(), { name: 'f', timeoutSeconds: 0.02 }).returnState()
      expect(state.name).toBe('TimedOut')
      expect(api.taskRun('stuck-0').state.type).toBe('CANCELLED')
    })
  })
})

describe('what a flow returns', () => {
  test.each([
    ['a state', () => Completed({ name: 'Skipped', data: 1 }), 'Skipped', 1],
    ['futures that completed', async () => [double.submit(1), double.submit(2)], 'Completed', [2, 4]],
    ['futures in an object', async () => ({ a: double.submit(1), b: 5 }), 'Completed', { a: 2, b: 5 }],
    ['a map', async () => double.map([1, 2]), 'Completed', [2, 4]],
    ['data beside failed runs', async () => [(await fail.returnState()).name, 1], 'Completed', ['Failed', 1]],
  ] as const)('%s', async (_, fn, name, result) => {
    await withFakeApi(async () => {
      const state = await flow(fn as () => unknown, { name: 'f' }).returnState()
      expect(state.name).toBe(name)
      expect(state.result()).toEqual(result)
    })
  })

  test('futures of which some failed give Failed, with how many', async () => {
    await withFakeApi(async () => {
      const state = await flow(async () => [double.submit(1), fail.submit()], { name: 'f' }).returnState()
      expect(state).toMatchObject({ type: 'FAILED', message: '1/2 states are not completed' })
      expect(() => state.result()).toThrow('broken')
    })
  })

  test('a cancelled state among others gives Cancelled', async () => {
    await withFakeApi(async () => {
      const skip = task(() => Cancelled({ message: 'enough' }), { name: 'skip' })
      const state = await flow(async () => [double.submit(1), skip.submit()], { name: 'f' }).returnState()
      expect(state.type).toBe('CANCELLED')
    })
  })
})

describe('parameters', () => {
  const schema = z.object({ name: z.string().min(2), count: z.coerce.number().default(1) })

  test('are validated and converted by the schema', async () => {
    await withFakeApi(async (api) => {
      const greet = flow(({ name, count }) => name.repeat(count), { name: 'greet', parameters: schema })
      expect(await greet({ name: 'ab', count: '3' })).toBe('ababab')
      expect(await greet({ name: 'ab' })).toBe('ab')
      expect([...api.flowRuns.values()][0]!.parameters).toEqual({ name: 'ab', count: '3' })
    })
  })

  test('that the schema refuses fail the run and say where', async () => {
    await withFakeApi(async (api) => {
      const greet = flow(({ name }) => name, { name: 'greet', parameters: schema })
      const failure = await greet({ name: 'a' }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(ParameterError)
      expect((failure as ParameterError).issues[0]!.path).toBe('name')
      expect(api.onlyFlowRun.state.type).toBe('FAILED')
    })
  })

  test('that JSON does not know come back as they were when the run is resumed', async () => {
    await withFakeApi(async (api) => {
      let seen: unknown
      const f = flow(async (at: Date, ids: Set<bigint>) => void (seen = { at, ids }), { name: 'f' })
      await f(new Date(5), new Set([1n]))
      seen = undefined
      await f.resume(api.onlyFlowRun.id)
      expect(seen).toEqual({ at: new Date(5), ids: new Set([1n]) })
    })
  })
})

describe('subflows', () => {
  const child = flow(async (x: number) => double(x), { name: 'child' })

  test('are flow runs of their own, tracked by a task run of the parent', async () => {
    await withFakeApi(async (api) => {
      const parent = flow(async () => (await child(2)) + (await child(3)), { name: 'parent' })
      expect(await parent()).toBe(10)
      const children = [...api.flowRuns.values()].filter((run) => run.flow_id === 'child')
      expect(children.map((run) => run.parent_task_run_id)).toEqual([
        api.taskRun('child-0').id,
        api.taskRun('child-1').id,
      ])
    })
  })

  test('can be submitted, and their futures passed to tasks', async () => {
    await withFakeApi(async (api) => {
      expect(await flow(async () => double(child.submit(4)), { name: 'parent' })()).toBe(16)
      const tracking = api.taskRun('child-0').id
      expect(
        [...api.taskRuns.values()].find((run) => run.task_inputs && 'x' in (run.task_inputs as object)),
      ).toMatchObject({
        task_inputs: { x: [{ id: tracking }] },
      })
    })
  })
})

describe('cancellation', () => {
  const poll = { REEVE_CANCEL_POLL_SECONDS: '0.005' }

  test('by the server aborts the signal in flow and task, and ends both as Cancelled', async () => {
    await withFakeApi(async (api) => {
      const reasons: unknown[] = []
      const stuck = task(
        async () => {
          const { signal } = runContext()
          api.onlyFlowRun.state = { ...api.onlyFlowRun.state, type: 'CANCELLING', name: 'Cancelling' }
          await after(60_000, undefined, { signal }).catch(() => reasons.push(signal.reason))
          throw signal.reason
        },
        { name: 'stuck' },
      )
      const state = await flow(() => stuck(), { name: 'f' }).returnState()
      expect(state.type).toBe('CANCELLED')
      expect(reasons[0]).toBeInstanceOf(CancelledRun)
      expect(api.taskRun('stuck-0').state.type).toBe('CANCELLED')
      expect(() => state.result()).toThrow(CancelledRun)
    }, poll)
  })

  test('does not wait for a function that does not listen', async () => {
    await withFakeApi(async (api) => {
      const deaf = task(
        () => {
          api.onlyFlowRun.state = { ...api.onlyFlowRun.state, type: 'CANCELLING', name: 'Cancelling' }
          return new Promise<void>(() => {})
        },
        { name: 'deaf' },
      )
      const state = await flow(() => deaf(), { name: 'f' }).returnState()
      expect(state.type).toBe('CANCELLED')
    }, poll)
  })
})

describe('stopping', () => {
  test('waits for a function that listens and cleans up', async () => {
    await withFakeApi(
      async (api) => {
        let cleaned = false
        const tidy = task(
          async () => {
            const { signal } = runContext()
            api.onlyFlowRun.state = { ...api.onlyFlowRun.state, type: 'CANCELLING', name: 'Cancelling' }
            await once(signal, 'abort')
            await after(20)
            cleaned = true
          },
          { name: 'tidy', onCancellation: () => expect(cleaned).toBe(true) },
        )
        const state = await flow(() => tidy(), { name: 'f' }).returnState()
        expect(state.type).toBe('CANCELLED')
        expect(cleaned).toBe(true)
      },
      { REEVE_CANCEL_POLL_SECONDS: '0.005', REEVE_CANCEL_GRACE_SECONDS: '10' },
    )
  })

  test('a flow that throws a cancellation is Cancelled', async () => {
    await withFakeApi(async () => {
      const stop = () => {
        throw new CancelledRun(Cancelled())
      }
      expect((await flow(stop, { name: 'f' }).returnState()).type).toBe('CANCELLED')
    })
  })
})

describe('context', () => {
  test('of many runs at once is never mixed up', async () => {
    await withFakeApi(async (api) => {
      const where = task(
        async (label: string) => {
          await after(Math.random() * 3)
          const { flowRun, taskRun } = runContext()
          return {
            label,
            parameter: flowRun!.parameters.label,
            inputs: taskRun!.inputs.label,
            run: flowRun!.id,
          }
        },
        { name: 'where' },
      )
      const f = flow(
        async (label: string) => [runContext().flowRun!.id, ...(await where.map([label, label, label]))],
        { name: 'f' },
      )
      const labels = Array.from({ length: 8 }, (_, i) => `label-${i}`)
      const results = await Promise.all(labels.map((label) => f(label)))
      for (const [i, [id, ...places]] of results.entries()) {
        for (const place of places)
          expect(place).toEqual({ label: labels[i], parameter: labels[i], inputs: labels[i], run: id })
      }
      expect(api.flowRuns.size).toBe(8)
    })
  })

  test('outside of runs is undefined, and asking for it strictly is an error', () => {
    expect(tryRunContext()).toBeUndefined()
    expect(() => runContext()).toThrow(MissingContextError)
  })

  test('tasks inside of tasks are counted by their parent, so that a resumed run finds them', async () => {
    await withFakeApi(async (api) => {
      const outer = task(
        async (x: number) => {
          await after(5 - x)
          return double(x)
        },
        { name: 'outer' },
      )
      await flow(async () => outer.map([1, 2, 3]), { name: 'f' })()
      const inputs = [...api.taskRuns.values()].filter((run) => run.task_key === 'double')
      expect(inputs.map((run) => run.dynamic_key).toSorted()).toEqual(['outer-0.0', 'outer-1.0', 'outer-2.0'])
      expect(inputs[0]!.task_inputs).toHaveProperty('__parents__')
    })
  })
})

describe('concurrency', () => {
  test('of one flow run stays within its bound, with nested tasks too', async () => {
    await withFakeApi(async () => {
      let [running, most] = [0, 0]
      const work = task(
        async () => {
          most = Math.max(most, ++running)
          await after(1)
          running--
        },
        { name: 'work' },
      )
      const nest = task(
        async (_: number) => {
          await work()
          await Promise.all([work.submit(), work.submit()])
        },
        { name: 'nest' },
      )
      await flow(async () => nest.map([1, 2, 3, 4, 5, 6]), { name: 'f', concurrency: 2 })()
      expect(most).toBe(2)
    })
  })
})

describe('logs', () => {
  test('go to the server with the ids of flow run and task run before the flow returns', async () => {
    await withFakeApi(async (api) => {
      const say = task((what: string) => log.warn(what, { rows: 3, by: 'two words' }), { name: 'say' })
      await flow(() => say('hello'), { name: 'f' })()
      expect(api.logs).toContainEqual(
        expect.objectContaining({
          message: "hello rows=3 by='two words'",
          level: 30,
          flow_run_id: api.onlyFlowRun.id,
          task_run_id: api.taskRun('say-0').id,
        }),
      )
    })
  })

  test('logPrints takes what is written to console', async () => {
    await withFakeApi(async (api) => {
      const say = task((what: string) => console.log('%s!', what), { name: 'say' })
      await flow(() => say('printed'), { name: 'f', logPrints: true })()
      expect(api.logs.map(({ message }) => message)).toContain('printed!')
    })
  })
})
