import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ChangedStepError } from '../src/engine/changed-step.ts'
import { SuspendedRun } from '../src/engine/errors.ts'
import { emitEvent } from '../src/events.ts'
import { flow } from '../src/flow.ts'
import { runContext } from '../src/run-context.ts'
import { sleep } from '../src/sleep.ts'
import { step } from '../src/step.ts'
import { task } from '../src/task.ts'
import { waitForEvent } from '../src/wait-for-event.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()

/** A flow that fails after its body the first time, and the id of its run. */
async function failedOnce(body: () => Promise<unknown>, name: string): Promise<string> {
  let id = ''
  const first = flow(
    async () => {
      id = runContext().flowRun!.id
      await body()
      throw new Error('a crash')
    },
    { name },
  )
  expect((await first.returnState()).type).toBe('FAILED')
  return id
}

describe('step()', () => {
  test('is done once in a flow run, however often that is carried out', async () => {
    await withServer(async ({ client }) => {
      let charges = 0
      const body = () => step('charge', () => ({ receipt: ++charges }))
      const id = await failedOnce(body, 'steps')
      expect(await flow(body, { name: 'steps' }).resume(id)).toEqual({ receipt: 1 })
      expect(charges).toBe(1)
      const runs = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } })
      expect(runs).toMatchObject([{ task_key: 'charge', dynamic_key: '0', state_type: 'COMPLETED' }])
    })
  })

  test('is found by its key when steps were added before it', async () => {
    await withServer(async () => {
      const charged: string[] = []
      const charge = async (order: string) =>
        step('charge', () => `receipt ${charged.push(order)}`, { key: order })
      const id = await failedOnce(async () => void (await charge('b')), 'keyed')
      const all = flow(async () => [await charge('a'), await charge('b')], { name: 'keyed' })
      expect(await all.resume(id)).toEqual(['receipt 2', 'receipt 1'])
      expect(charged).toEqual(['b', 'a'])
    })
  })

  test('a key that another step of the name has is refused', async () => {
    await withServer(async () => {
      const twice = flow(
        async () => [await step('s', () => 1, { key: 'k' }), await step('s', () => 2, { key: 'k' })],
        { name: 'twice' },
      )
      await expect(twice()).rejects.toThrow("Two calls of 's' have the key 'k'")
    })
  })

  test('a result that cannot be kept fails it', async () => {
    await withServer(async () => {
      await expect(flow(() => step('s', () => () => 1), { name: 'f' })()).rejects.toThrow(/function/)
    })
  })

  test('its key may come from the arguments of a task', async () => {
    await withServer(async ({ client }) => {
      const load = task((table: string) => table, { name: 'load', key: '{table}' })
      let id = ''
      const both = async () => {
        id = runContext().flowRun!.id
        return Promise.all([load('a'), load('b')])
      }
      expect(await flow(both, { name: 'f' })()).toEqual(['a', 'b'])
      const runs = await client
        .filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } }, sort: 'NAME_ASC' as never } })
        .catch(() => client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } }))
      expect(runs.map(({ name, dynamic_key }) => [name, dynamic_key]).toSorted()).toEqual([
        ['load-a', ':a'],
        ['load-b', ':b'],
      ])
    })
  })
})

describe('a completed step that the code does not fit any more', () => {
  const charge = (amount: number) => amount
  const other = (amount: number) => amount * 2
  const named = (fn: (amount: number) => number, version?: string) =>
    task(fn, { name: 'charge', ...(version && { version }) })

  test('is a clear error when its code is other code', async () => {
    await withServer(async ({ client }) => {
      const id = await failedOnce(() => named(charge)(5), 'changed')
      const now = flow(() => named(other)(5), { name: 'changed' })
      await expect(now.resume(id)).rejects.toThrow(ChangedStepError)
      const [run] = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } })
      expect(run).toMatchObject({ state_type: 'COMPLETED', run_count: 1 })
      expect(await client.readFlowRun({ params: { id } })).toMatchObject({
        state: { type: 'FAILED', message: expect.stringContaining("'charge-0' was completed by other code") },
      })
    })
  })

  test('is a clear error when its inputs are others', async () => {
    await withServer(async () => {
      const id = await failedOnce(() => named(charge)(5), 'changed')
      const now = flow(() => named(charge)(6), { name: 'changed' })
      await expect(now.resume(id)).rejects.toThrow(/other inputs/)
    })
  })

  test('is taken over while its version stays, and not when that changes', async () => {
    await withServer(async () => {
      const id = await failedOnce(() => named(charge, '1')(5), 'versioned')
      const run = (version: string) => flow(() => named(other, version)(5), { name: 'versioned' })
      await expect(run('2').resume(id)).rejects.toThrow(ChangedStepError)
      expect(await run('1').resume(id)).toBe(5)
    })
  })

  test.each([
    ['reuse', 5],
    ['rerun', 10],
  ] as const)('is treated as the flow says: %s', async (changedSteps, result) => {
    await withServer(async () => {
      const id = await failedOnce(() => named(charge)(5), 'told')
      expect(await flow(() => named(other)(5), { name: 'told', changedSteps }).resume(id)).toBe(result)
    })
  })
})

describe('sleep()', () => {
  test('shows as a task run, and wakes when it is due', async () => {
    await withServer(async ({ client }) => {
      let id = ''
      const began = Date.now()
      await flow(
        async () => {
          id = runContext().flowRun!.id
          await sleep('50ms')
        },
        { name: 'sleeper' },
      )()
      expect(Date.now() - began).toBeGreaterThanOrEqual(50)
      const [run] = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } })
      expect(run).toMatchObject({ name: 'sleep-0', state_type: 'COMPLETED' })
    })
  })

  test('keeps the time that was set first when the flow run is carried out again', async () => {
    await withServer(async () => {
      const body = () => sleep(0)
      const id = await failedOnce(body, 'sleeper')
      // The sleep is over, so its length does not count any more.
      await flow(() => sleep('7 days'), { name: 'sleeper' }).resume(id)
    })
  })

  test('lets the process go when it suspends, and goes on when the run is carried out later', async () => {
    await withServer(async ({ client }) => {
      let id = ''
      const nap = async () => {
        id = runContext().flowRun!.id
        const before = await step('before', () => crypto.randomUUID())
        await sleep('900ms', { suspend: true })
        return before
      }
      const napping = flow(nap, { name: 'napping' })
      const state = await napping.returnState()
      expect(state.error).toBeInstanceOf(SuspendedRun)
      expect(await client.readFlowRun({ params: { id } })).toMatchObject({
        state: { type: 'SCHEDULED', name: 'Sleeping' },
      })
      const woken = await napping.resume(id)
      const [first] = await client.filterTaskRuns({
        body: { task_runs: { name: { any_: ['before-0'] } }, flow_runs: { id: { any_: [id] } } },
      })
      expect(first).toMatchObject({ run_count: 1 })
      expect(woken).toMatch(/^[0-9a-f-]{36}$/)
    })
  })

  test('is refused outside of flows', async () => {
    expect(() => sleep(1)).toThrow(/only inside of a flow/)
  })
})

describe('a completed subflow', () => {
  const child = flow(async (of: { n: number; at: Date }) => of.n * 10, { name: 'child' })
  const calling = (n: number, changedSteps?: 'fail' | 'rerun' | 'reuse') =>
    flow(() => child({ n, at: new Date(0) }), { name: 'calling-child', changedSteps })

  test('is taken over by a call with the same parameters, and by no other', () =>
    withServer(async () => {
      const id = await failedOnce(() => child({ n: 1, at: new Date(0) }), 'calling-child')
      await expect(calling(2).resume(id)).rejects.toThrow(ChangedStepError)
      expect(await calling(2, 'reuse').resume(id)).toBe(10)
    }))

  test('is run again with other parameters where the flow says so', () =>
    withServer(async () => {
      const id = await failedOnce(() => child({ n: 1, at: new Date(0) }), 'calling-child')
      expect(await calling(2, 'rerun').resume(id)).toBe(20)
    }))

  test('of the same parameters is taken over', () =>
    withServer(async () => {
      const id = await failedOnce(() => child({ n: 1, at: new Date(0) }), 'calling-child')
      expect(await calling(1).resume(id)).toBe(10)
    }))
})

describe('waitForEvent()', () => {
  test('gives the first event that fits, and the same one again', async () => {
    await withServer(async () => {
      const order = crypto.randomUUID()
      const payload = z.object({ total: z.number() })
      const body = () =>
        waitForEvent('order.paid', { resource: { id: `order.${order}` }, payload, pollSeconds: 0.1 })
      const emit = (id: string, total: unknown) =>
        emitEvent('order.paid', { resource: { id: `order.${id}` }, payload: { total } as never })
      let id = ''
      const waiting = flow(
        async () => {
          id = runContext().flowRun!.id
          const wait = body()
          setTimeout(() => {
            emit('another', 1)
            emit(order, 'forty')
            emit(order, 40)
          }, 100)
          await wait
          throw new Error('a crash')
        },
        { name: 'waiting' },
      )
      expect((await waiting.returnState()).type).toBe('FAILED')
      const again = await flow(body, { name: 'waiting' }).resume(id)
      expect(again).toMatchObject({ event: 'order.paid', payload: { total: 40 } })
    })
  }, 15_000)

  test('gives undefined when its time is over', async () => {
    await withServer(async () => {
      const body = () => waitForEvent('never', { timeout: '100ms', pollSeconds: 0.05 })
      expect(await flow(body, { name: 'waiting' })()).toBeUndefined()
    })
  })
})
