import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as realTime } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { INPUTS } from '../src/cache/policy.ts'
import { concurrency } from '../src/concurrency.ts'
import { runDeployment } from '../src/deployments/run-deployment.ts'
import { serve } from '../src/deployments/serve.ts'
import { PauseTimeoutError, TimeoutError } from '../src/engine/errors.ts'
import { emitEvent } from '../src/events.ts'
import { flow } from '../src/flow.ts'
import { log } from '../src/logs/logger.ts'
import { receiveInput, sendInput } from '../src/inputs.ts'
import { pauseFlowRun, resumeFlowRun } from '../src/pause.ts'
import { runContext } from '../src/run-context.ts'
import { sleep } from '../src/sleep.ts'
import { task } from '../src/task.ts'
import { withTestServer } from '../src/testing.ts'
import { waitForEvent } from '../src/wait-for-event.ts'

const HOUR = 3_600_000

test('every call has a server of its own', async () => {
  const greet = flow((name: string) => `hello ${name}`, { name: 'greet' })
  for (let i = 0; i < 2; i++) {
    await withTestServer(async ({ client }) => {
      expect(await greet('you')).toBe('hello you')
      expect(await client.countFlowRuns()).toBe(1)
    })
  }
})

test('servers of one process side by side have times of their own', async () => {
  const nap = (hours: number) => flow(() => sleep(hours * 3600), { name: 'nap' })
  const napping = async (hours: number) =>
    withTestServer(
      async (server) => {
        const run = nap(hours).submit()
        await server.advance(`${hours} hours`)
        await run
        await nap(1)()
        return server.now().getTime()
      },
      { now: '2026-01-01' },
    )
  const [one, two, five] = await Promise.all([napping(1), napping(2), napping(5)])
  expect([two! - one!, five! - two!]).toEqual([HOUR, 3 * HOUR])
})

/** A task that fails until its last retry, an hour at a time. */
function flaky(retries: number, name = 'flaky') {
  return task(
    () => {
      if (runContext().taskRun!.runCount <= retries) throw new Error('not yet')
      return 'done'
    },
    { name, retries, retryDelaySeconds: 3600 },
  )
}

test('a retry comes when its delay is over, and not before', () =>
  withTestServer(async (server) => {
    const run = flow(() => flaky(1)(), { name: 'hourly' }).submit()
    await server.settle()
    const [flakyRun] = await server.taskRuns(run)
    expect(flakyRun?.states).toEqual(['Pending', 'Running', 'AwaitingRetry'])
    await server.advance('59 minutes')
    await server.expectStates(flakyRun!.id, ['Pending', 'Running', 'AwaitingRetry'])
    await server.advance('1 minute')
    await server.expectStates(flakyRun!.id, ['Pending', 'Running', 'AwaitingRetry', 'Retrying', 'Completed'])
    await server.expectStates(run, ['Pending', 'Running', 'Completed'])
  }))

test('delays are skipped while a result is awaited', () =>
  withTestServer(
    async (server) => {
      expect(await flow(() => flaky(48)(), { name: 'two-days' })()).toBe('done')
      expect(server.now().toISOString()).toMatch(/^2026-01-03T00:00/)
    },
    { now: '2026-01-01' },
  ))

test('what happens on the way happens in order, at its own time', () =>
  withTestServer(
    async (server) => {
      const seen: string[] = []
      const note = (name: string, seconds: number) =>
        task(
          () => {
            if (runContext().taskRun!.runCount === 1) throw new Error('first try')
            seen.push(`${name} at ${server.now().toISOString().slice(11, 16)}`)
          },
          { name, retries: 1, retryDelaySeconds: seconds },
        )
      const tasks = [note('last', 7200), note('first', 60), note('middle', 3600)]
      const run = flow(() => tasks.map((each) => each.submit()), { name: 'in-order' }).submit()
      await server.advance('1 day')
      expect(seen).toEqual(['first at 00:01', 'middle at 01:00', 'last at 02:00'])
      await server.expectStates(run, ['Pending', 'Running', 'Completed'])
    },
    { now: '2026-01-01' },
  ))

const endless = task(
  () =>
    new Promise((_, reject) =>
      runContext().signal.addEventListener('abort', () => reject(new Error('stopped'))),
    ),
  { name: 'endless', timeoutSeconds: 3600 },
)

test('a timeout ends a run that goes on too long', () =>
  withTestServer(async (server) => {
    const run = flow(() => endless.returnState(), { name: 'patient' }).submit()
    await server.advance('1 hour')
    expect(await server.taskRuns(run)).toMatchObject([{ states: ['Pending', 'Running', 'TimedOut'] }])
    await expect(run).rejects.toThrow(TimeoutError)
  }))

test('a timeout comes too while the result is awaited', () =>
  withTestServer(async () => {
    await expect(flow(() => endless(), { name: 'patient' })()).rejects.toThrow(TimeoutError)
  }))

test('work that takes real time is not timed out by skipped time', () =>
  withTestServer(async () => {
    const slow = task(() => realTime(100, 'done'), { name: 'slow', timeoutSeconds: 5 })
    expect(await flow(() => slow(), { name: 'real' })()).toBe('done')
  }))

const approval = flow(
  () => pauseFlowRun({ input: z.object({ approved: z.boolean() }), timeoutSeconds: 7 * 24 * 3600 }),
  { name: 'approval' },
)

test('a pause that nobody ends fails the run when its time is over', () =>
  withTestServer(async (server) => {
    const run = approval.submit()
    await server.advance('6 days')
    await server.expectStates(run, ['Pending', 'Running', 'Paused'])
    await server.advance('1 day')
    await server.advance(1)
    await expect(run).rejects.toThrow(PauseTimeoutError)
    await server.expectStates(run, ['Pending', 'Running', 'Paused', 'Failed'])
  }))

test('a pause of a subflow that nobody ends fails the flow around it too, and calls its hooks once', () =>
  withTestServer(async (server) => {
    const failures: string[] = []
    const onFailure = (_run: unknown, { name }: { name: string }) => void failures.push(name)
    const child = approval.withOptions({ name: 'asks', onFailure })
    const run = flow(() => child(), { name: 'around', onFailure }).submit()
    await server.advance('7 days')
    await server.advance(1)
    await expect(run).rejects.toThrow(PauseTimeoutError)
    await server.expectStates(run, ['Pending', 'Running', 'Failed'])
    expect(failures).toEqual(['Failed', 'Failed'])
  }))

test('a sleep that is to suspend keeps a subflow, whose parent waits for it', () =>
  withTestServer(async (server) => {
    const child = flow(() => sleep('2 days', { suspend: true }), { name: 'naps' })
    const run = flow(
      async () => {
        await child()
        return 'woken'
      },
      { name: 'around' },
    ).submit()
    await server.advance('2 days')
    expect(await run).toBe('woken')
    await server.expectStates(run, ['Pending', 'Running', 'Completed'])
  }))

test('messages are waited for as long as time says, and no longer', () =>
  withTestServer(async (server) => {
    const inbox = flow(
      async () => {
        const got: string[] = []
        for await (const { value } of receiveInput(z.string(), { timeoutSeconds: 7 * 86_400 }))
          got.push(value)
        return got
      },
      { name: 'inbox' },
    )
    const run = inbox.submit()
    await server.advance('3 days')
    await sendInput(await run.runId, 'hello')
    await server.settle()
    await server.advance('6 days')
    await server.expectStates(run, ['Pending', 'Running'])
    await server.advance('1 day')
    await server.expectStates(run, ['Pending', 'Running', 'Completed'])
    expect(await run).toEqual(['hello'])
  }))

test('a resumed run goes on without time passing', () =>
  withTestServer(async (server) => {
    const run = approval.submit()
    await server.settle()
    const before = server.now()
    await resumeFlowRun(await run.runId, { approved: true })
    expect(await run).toEqual({ approved: true })
    expect(server.now()).toEqual(before)
  }))

test('a cancelled run ends without time passing', () =>
  withTestServer(async (server) => {
    const before = server.now()
    const run = flow(() => endless(), { name: 'cancelled' }).submit()
    await server.settle()
    const id = await run.runId
    await server.client.setFlowRunState({ params: { id }, body: { state: { type: 'CANCELLING' } } })
    await server.settle()
    await server.expectStates(run, ['Pending', 'Running', 'Cancelling', 'Cancelled'])
    expect(server.now()).toEqual(before)
  }))

test('runs that nobody starts become late', () =>
  withTestServer(async (server) => {
    const { client } = server
    const { id: flow_id } = await client.createFlow({ body: { name: 'scheduled' } })
    const scheduled_time = new Date(server.now().getTime() + 7 * 24 * HOUR).toISOString()
    const { id } = await client.createFlowRun({
      body: { flow_id, state: { type: 'SCHEDULED', state_details: { scheduled_time } } },
    })
    await server.advance('7 days')
    await server.expectStates(id, ['Scheduled'])
    await server.advance('16 seconds')
    await server.expectStates(id, ['Scheduled', 'Late'])
  }))

test('slots come back from a holder that died, and stay with one that lives', () =>
  withTestServer(async (server) => {
    const { client } = server
    await client.createConcurrencyLimitV2({ body: { name: 'db', limit: 1 } })
    await client.incrementConcurrencyLimitsWithLease({
      body: { names: ['db'], slots: 1, lease_duration: 600 },
    })
    const holding = flow(() => concurrency('db', () => flaky(3)()), { name: 'holder' }).submit()
    await server.advance('9 minutes')
    expect(await server.taskRuns(holding)).toEqual([])
    await server.advance('2 minutes')
    expect(await server.taskRuns(holding)).toHaveLength(1)
    const slots = async () =>
      (await client.readConcurrencyLimitV2({ params: { id_or_name: 'db' } })).active_slots
    expect(await slots()).toBe(1)
    await server.advance('2 hours')
    expect(await slots()).toBe(1)
    await server.advance('2 hours')
    expect(await slots()).toBe(0)
    expect(await holding).toBe('done')
  }))

test('cached results are used until they expire', () =>
  withTestServer(async (server) => {
    let calls = 0
    const rate = task((_currency: string) => ++calls, {
      name: 'rate',
      cachePolicy: INPUTS,
      cacheExpirationSeconds: 24 * 3600,
    })
    expect([await rate('EUR'), await rate('EUR')]).toEqual([1, 1])
    await server.advance('23 hours')
    expect(await rate('EUR')).toBe(1)
    await server.advance('61 minutes')
    expect(await rate('EUR')).toBe(2)
  }))

test('sleeps are over when time says so, and skipped for a result', () =>
  withTestServer(
    async (server) => {
      const nap = flow(async () => (await sleep('7 days'), server.now().toISOString()), { name: 'nap' })
      const run = nap.submit()
      await server.advance('6 days')
      expect((await server.states(run)).at(-1)).toBe('Running')
      await server.advance('1 day')
      await server.expectStates(run, ['Pending', 'Running', 'Completed'])
      expect(await run).toMatch(/^2026-01-08T00:00/)
      expect(await nap()).toMatch(/^2026-01-15T00:00/)
    },
    { now: '2026-01-01' },
  ))

test('an awaited event is seen when it comes, and given up when its time is over', () =>
  withTestServer(async (server) => {
    const paid = flow(() => waitForEvent('order.paid', { timeout: '3 days' }), { name: 'paid' })
    const first = paid.submit()
    await server.advance('2 days')
    emitEvent('order.paid', { resource: { id: 'order.1' } })
    await server.settle()
    expect(await first).toMatchObject({ event: 'order.paid' })
    const second = paid.submit()
    await server.advance('4 days')
    expect(['Completed', 'Failed']).toContain((await server.states(second)).at(-1))
  }))

test('expectLogs finds records in order and shows what is there when they are missing', () =>
  withTestServer(async (server) => {
    const chatty = flow(() => (log.info('one'), log.info('two', { n: 2 })), { name: 'chatty' })
    const run = chatty.submit()
    await run
    await server.expectLogs(run, ['one', /two n=\d/])
    await expect(server.expectLogs(run, ['two', 'one'])).rejects.toThrow(
      /No log record matches one[^]*> .*finished/,
    )
    await expect(server.expectStates(run, ['Completed'])).rejects.toThrow('Pending')
  }))

test('time cannot be moved on a real server', () =>
  withTestServer(
    async (server) => {
      await expect(server.advance('1 day')).rejects.toThrow('leave apiUrl out')
    },
    { apiUrl: 'http://127.0.0.1:9/api' },
  ))

test('works in node:test', async () => {
  const file = new URL('helpers/node-test.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'exit')
  expect(output).toMatch(/# pass 2\n# fail 0/)
  expect(code).toBe(0)
}, 120_000)

test('runs that are asked for at a time, and those that sleep, are begun when time has come', () =>
  withTestServer(
    async (server) => {
      const steps: string[] = []
      const later = flow(
        async () => {
          steps.push(`began ${server.now().toISOString()}`)
          await sleep('2 days', { suspend: true })
          steps.push(`woke ${server.now().toISOString()}`)
        },
        { name: 'later' },
      )
      const end = new AbortController()
      const serving = serve([later.deployment('main')], { signal: end.signal })
      await server.settle()
      const run = await runDeployment('later/main', { at: new Date('2026-01-02T00:00:00Z') })
      await server.advance('23 hours')
      expect(steps).toEqual([])
      await server.advance('1 hour')
      expect(steps).toEqual(['began 2026-01-02T00:00:00.000Z'])
      await server.advance('2 days')
      expect(steps.at(-1)).toBe('woke 2026-01-04T00:00:00.000Z')
      await server.expectStates(run.id, [
        'Scheduled',
        'Pending',
        'Running',
        'Sleeping',
        'Pending',
        'Running',
        'Completed',
      ])
      end.abort()
      await serving
    },
    { now: '2026-01-01T00:00:00Z' },
  ))
