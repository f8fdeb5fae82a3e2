import { setTimeout as after } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { z } from 'zod'
import { artifact } from '../src/artifacts.ts'
import { concurrency, rateLimit, SlotTimeoutError } from '../src/concurrency.ts'
import { PauseTimeoutError } from '../src/engine/errors.ts'
import { emitEvent } from '../src/events.ts'
import { flow } from '../src/flow.ts'
import { pauseFlowRun, resumeFlowRun } from '../src/pause.ts'
import { runContext } from '../src/run-context.ts'
import { task } from '../src/task.ts'
import { variable } from '../src/variables.ts'
import type { ReeveClient } from '../src/with-server.ts'
import { isReeve, sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()

/** Names must differ from run to run where the server is a shared one. */
const unique = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`

/** Asks until the answer is there; fails after ten seconds. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await after(50)) {
    const found = await ask()
    if (found !== undefined) return found
  }
  throw new Error('it did not happen in time')
}

function whenPaused(client: ReeveClient, id: string) {
  return eventually(async () => {
    const { state } = await client.readFlowRun({ params: { id } })
    return state?.type === 'PAUSED' ? state : undefined
  })
}

describe('artifacts', () => {
  test('belong to the run that makes them, and progress moves on', async () => {
    await withServer(async ({ client }) => {
      const key = unique('report')
      const make = task(
        async () => {
          await artifact.table([{ city: 'Oslo', at: new Date(0), n: 3n }], { key, description: 'Orders' })
          await artifact.markdown('# Done')
          await artifact.link('https://example.com', { text: 'more' })
          const bar = await artifact.progress(-5)
          await bar.set(140)
          return bar.id
        },
        { name: 'make' },
      )
      const future = flow(() => make(), { name: 'sdk-artifacts' }).submit()
      const bar = await client.readArtifact({ params: { id: await future } })
      expect(bar).toMatchObject({ type: 'progress', data: 100, flow_run_id: await future.runId })
      const found = await client.filterArtifacts({
        body: { artifacts: { task_run_id: { any_: [bar.task_run_id!] } } },
      })
      const data = found.filter((each) => each.type !== 'result').map((each) => [each.type, each.data])
      expect(data).toContainEqual(['table', '[{"city":"Oslo","at":"1970-01-01T00:00:00.000Z","n":"3"}]'])
      expect(data).toContainEqual(['markdown', '[more](https://example.com)'])
      const latest = await client.readLatestArtifact({ params: { key } })
      expect(latest).toMatchObject({ key, description: 'Orders' })
    })
  })

  test('with an impossible key are refused before anything is sent', async () => {
    expect(() => artifact.markdown('x', { key: 'Not OK' })).toThrow('lower-case')
  })
})

describe('variables', () => {
  test('are set, read, checked, replaced and taken away', async () => {
    await withServer(async () => {
      const name = unique('region')
      expect(await variable.get(name)).toBeUndefined()
      expect(await variable.get(name, z.string(), { default: 'eu' })).toBe('eu')
      await variable.set(name, 'us', { tags: ['a'] })
      await expect(variable.set(name, 'eu')).rejects.toMatchObject({ status: 409 })
      await variable.set(name, { zones: [1, 2] }, { overwrite: true })
      expect(await variable.get(name, z.object({ zones: z.array(z.number()) }))).toEqual({ zones: [1, 2] })
      await expect(variable.get(name, z.object({ zones: z.string() }))).rejects.toThrow('zones')
      expect(await variable.unset(name)).toBe(true)
      expect(await variable.unset(name)).toBe(false)
    })
  })
})

describe('concurrency', () => {
  test('never lets more than the limit hold slots, and gives them back after failures', async () => {
    await withServer(async ({ client }) => {
      const name = unique('db')
      await client.createConcurrencyLimitV2({ body: { name, limit: 2 } })
      let [held, most] = [0, 0]
      const two = Promise.withResolvers<void>()
      const use = task(
        (_: number) =>
          concurrency(name, async () => {
            most = Math.max(most, ++held)
            if (held === 2) two.resolve()
            await two.promise
            held--
            throw new Error('while holding')
          }),
        { name: 'use' },
      )
      const settled = flow(async () => void (await use.map([1, 2, 3, 4]).states()), { name: 'sdk-limits' })
      await settled()
      expect(most).toBe(2)
      const limit = await client.readConcurrencyLimitV2({ params: { id_or_name: name } })
      expect(limit.active_slots).toBe(0)
    })
  })

  test('who waits gets slots as soon as they are free, wherever they come from, in the order of asking', async () => {
    await withServer(async ({ client }) => {
      const name = unique('line')
      await client.createConcurrencyLimitV2({ body: { name, limit: 1 } })
      // Slots were held for long, so who only polls is told to come back after many seconds.
      const body = { names: [name], slots: 1 }
      await client.incrementConcurrencyLimits({ body })
      await client.decrementConcurrencyLimits({ body: { ...body, occupancy_seconds: 60 } })
      const { lease_id } = await client.incrementConcurrencyLimitsWithLease({
        body: { ...body, lease_duration: 600 },
      })
      const order: number[] = []
      const waiting = [0, 1, 2, 3].map((i) => concurrency(name, () => order.push(i)))
      const late = concurrency(name, () => 'never', { timeoutSeconds: 0.2 })
      await expect(late).rejects.toBeInstanceOf(SlotTimeoutError)
      await client.decrementConcurrencyLimitsWithLease({ body: { lease_id } })
      const began = performance.now()
      await Promise.all(waiting)
      expect(order).toEqual([0, 1, 2, 3])
      if (isReeve) expect(performance.now() - began).toBeLessThan(3000)
    })
  })

  test('who is cancelled leaves the line', async () => {
    await withServer(
      async ({ client }) => {
        const name = unique('left')
        await client.createConcurrencyLimitV2({ body: { name, limit: 1 } })
        const held = Promise.withResolvers<void>()
        const holding = concurrency(name, () => held.promise)
        await expect
          .poll(
            async () => (await client.readConcurrencyLimitV2({ params: { id_or_name: name } })).active_slots,
          )
          .toBe(1)
        const run = flow(() => concurrency(name, () => 'never'), { name: unique('waits') }).submit()
        const next = run.runId.then(() => concurrency(name, () => 'next'))
        const id = await run.runId
        await client.setFlowRunState({ params: { id }, body: { state: { type: 'CANCELLING' } } })
        expect((await run.state()).type).toBe('CANCELLED')
        held.resolve()
        await holding
        expect(await next).toBe('next')
      },
      { REEVE_CANCEL_POLL_SECONDS: '0.1' },
    )
  })

  test('gives up after its timeout', async () => {
    await withServer(async ({ client }) => {
      const name = unique('busy')
      await client.createConcurrencyLimitV2({ body: { name, limit: 1 } })
      const inside = concurrency(name, () => concurrency(name, () => 'never', { timeoutSeconds: 0.2 }))
      await expect(inside).rejects.toBeInstanceOf(SlotTimeoutError)
    })
  })

  test('a limit that does not exist is an error when strict', async () => {
    await withServer(async () => {
      const name = unique('missing')
      expect(await concurrency(name, () => 'unlimited')).toBe('unlimited')
      await expect(concurrency(name, () => 'never', { strict: true })).rejects.toThrow(name)
    })
  })

  test('rateLimit waits for slots that come back with time', async () => {
    await withServer(async ({ client }) => {
      const name = unique('rate')
      await client.createConcurrencyLimitV2({ body: { name, limit: 1, slot_decay_per_second: 4 } })
      const start = Date.now()
      for (let i = 0; i < 3; i++) await rateLimit(name)
      expect(Date.now() - start).toBeGreaterThan(400)
    })
  })
})

describe('events', () => {
  test('are on the server, related to the run, when the flow run has ended', async () => {
    await withServer(async ({ client }) => {
      const id = unique('order')
      const future = flow(
        async () => {
          emitEvent('order.paid', {
            resource: { id, name: 'An order', color: 'red' },
            payload: { total: 40 },
          })
        },
        { name: 'sdk-events' },
      ).submit()
      await future
      const flowRunId = await future.runId
      const event = await eventually(async () => {
        const body = { filter: { resource: { id: [id] } } }
        return (await client.filterEvents({ body })).events[0]
      })
      expect(event).toMatchObject({ event: 'order.paid', payload: { total: 40 }, resource: { color: 'red' } })
      expect(event.related).toContainEqual(
        expect.objectContaining({
          'prefect.resource.id': `prefect.flow-run.${flowRunId}`,
          'prefect.resource.role': 'flow-run',
        }),
      )
    })
  })
})

describe('pausing', () => {
  const schema = z.object({ approved: z.boolean(), note: z.string().default('none') })

  test('waits for typed input, which the server checks first', async () => {
    await withServer(async ({ client }) => {
      const ask = flow(() => pauseFlowRun({ input: schema, description: '**Ship?**', pollSeconds: 0.05 }), {
        name: 'sdk-pause',
      })
      const future = ask.submit()
      const id = await future.runId
      await whenPaused(client, id)
      await expect(resumeFlowRun(id, { approved: 'perhaps' })).rejects.toThrow('not resumed')
      await resumeFlowRun(id, { approved: true })
      expect(await future).toEqual({ approved: true, note: 'none' })
      await expect(resumeFlowRun(id)).rejects.toThrow('not resumed')
    })
  })

  test('asks again, and says why, when the input is wrong and the server could not see that', async () => {
    await withServer(async ({ client }) => {
      const untold = v.object({ approved: v.boolean() })
      const ask = flow(
        () => pauseFlowRun({ input: untold, description: 'Ship?', key: 'Ship_it', pollSeconds: 0.05 }),
        {
          name: 'sdk-pause-again',
        },
      )
      const future = ask.submit()
      const id = await future.runId
      const first = await whenPaused(client, id)
      await resumeFlowRun(id, { approved: 'perhaps' })
      const second = await eventually(async () => {
        const { state } = await client.readFlowRun({ params: { id } })
        return state?.type === 'PAUSED' && state.id !== first.id ? state : undefined
      })
      const { description = '' } = second.state_details.run_input_keyset ?? {}
      const shown = await client.readFlowRunInput({ params: { id, key: description } })
      expect(shown).toMatch(/The last input was not valid: approved: .*boolean.*\\n\\nShip\?/)
      await resumeFlowRun(id, { approved: true })
      expect(await future).toEqual({ approved: true })
    })
  })

  test('asks for a value that is no object as `value`, and twice in one run', async () => {
    await withServer(async ({ client }) => {
      const ask = flow(
        async () => [
          await pauseFlowRun({ input: z.number(), pollSeconds: 0.05 }),
          await pauseFlowRun({ pollSeconds: 0.05 }),
        ],
        { name: 'sdk-pause-value' },
      )
      const future = ask.submit()
      const id = await future.runId
      const first = await whenPaused(client, id)
      await resumeFlowRun(id, { value: 5 })
      await eventually(async () => {
        const { state } = await client.readFlowRun({ params: { id } })
        return state?.type === 'PAUSED' && state.id !== first.id ? state : undefined
      })
      await resumeFlowRun(id)
      expect(await future).toEqual([5, undefined])
    })
  })

  test('fails when nobody resumes in time', async () => {
    await withServer(async () => {
      const ask = flow(() => pauseFlowRun({ timeoutSeconds: 0.1, pollSeconds: 0.5 }), {
        name: 'sdk-pause-late',
      })
      const state = await ask.returnState()
      expect(state.error ?? state).toBeInstanceOf(PauseTimeoutError)
    })
  }, 30_000)

  test('does not work in a task', async () => {
    await withServer(async () => {
      const ask = task(() => pauseFlowRun(), { name: 'ask' })
      await expect(flow(() => ask(), { name: 'sdk-pause-task' })()).rejects.toThrow('outside of its tasks')
    })
  })

  test('tasks that start meanwhile wait until the run goes on', async () => {
    await withServer(async ({ client }) => {
      const order: string[] = []
      const later = task(() => void order.push('task'), { name: 'later' })
      const ask = flow(
        async () => {
          const paused = pauseFlowRun({ pollSeconds: 0.05 })
          await whenPaused(client, runContext().flowRun!.id)
          const running = later.submit()
          await after(200)
          order.push('resume')
          await resumeFlowRun(runContext().flowRun!.id)
          await paused
          await running
        },
        { name: 'sdk-pause-tasks' },
      )
      await ask()
      expect(order).toEqual(['resume', 'task'])
    })
  })
})
