import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { flow } from '../src/flow.ts'
import { runContext } from '../src/run-context.ts'
import { sleep } from '../src/sleep.ts'
import { task } from '../src/task.ts'
import { withTestServer, type TestServer } from '../src/testing.ts'
import { waitForEvent } from '../src/wait-for-event.ts'
import { sharedServer } from './helpers/shared-server.ts'

const failing = () => {
  throw new Error('not yet')
}
const again = task(failing, { name: 'again', retries: 1, retryDelaySeconds: 600 })

async function statesOf({ client }: TestServer, id: string) {
  const runs = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } }, sort: 'NAME_ASC' } })
  return runs.map(({ name, state_name }) => `${name} ${state_name}`)
}

const endless = task(
  async (_: number) => {
    const { signal } = runContext()
    await once(signal, 'abort')
    throw signal.reason
  },
  { name: 'endless' },
)

async function cancel(server: TestServer, id: string) {
  await server.client.setFlowRunState({ params: { id }, body: { state: { type: 'CANCELLING' } } })
  await server.settle()
}

describe('when a flow run is cancelled', () => {
  test('what waits in it is cancelled with it', () =>
    withTestServer(async (server) => {
      const waiting = flow(
        async () => {
          const wait = [again.submit(), sleep('1 day'), waitForEvent('never'), again.submit()]
          await Promise.all(wait)
        },
        { name: 'waiting', concurrency: 1 },
      ).submit()
      const id = await waiting.runId
      await server.settle()
      expect(await statesOf(server, id)).toEqual([
        'again-0 AwaitingRetry',
        'again-1 AwaitingRetry',
        'sleep-0 Sleeping',
        'wait-for-event-0 Waiting',
      ])
      await cancel(server, id)
      await server.expectStates(id, ['Pending', 'Running', 'Cancelling', 'Cancelled'])
      expect(await statesOf(server, id)).toEqual([
        'again-0 Cancelled',
        'again-1 Cancelled',
        'sleep-0 Cancelled',
        'wait-for-event-0 Cancelled',
      ])
    }))

  test('what has not begun does not begin', () =>
    withTestServer(async (server) => {
      const queued = flow(
        async () => {
          const first = endless.submit(0)
          await Promise.all([first, endless.submit(1), endless.submit(first)])
        },
        { name: 'queued', concurrency: 1 },
      ).submit()
      const id = await queued.runId
      await server.settle()
      expect(await statesOf(server, id)).toEqual([
        'endless-0 Running',
        'endless-1 Pending',
        'endless-2 Pending',
      ])
      await cancel(server, id)
      const [first, ...others] = await server.taskRuns(id)
      await server.expectStates(first!.id, ['Pending', 'Running', 'Cancelled'])
      for (const run of others) await server.expectStates(run.id, ['Pending', 'Cancelled'])
    }))

  test('it is cancelled too while it waits to be tried again, in itself or in a subflow', () =>
    withTestServer(async (server) => {
      const cancelled: string[] = []
      const inner = flow(failing, {
        name: 'inner',
        retries: 1,
        retryDelaySeconds: 600,
        onCancellation: (run) => void cancelled.push(run.of),
      })
      const outer = flow(() => inner(), { name: 'outer' }).submit()
      const id = await outer.runId
      await server.settle()
      await cancel(server, id)
      expect((await outer.state()).type).toBe('CANCELLED')
      const [child] = await server.client.filterFlowRuns({ body: { flows: { name: { any_: ['inner'] } } } })
      await server.expectStates(child!.id, ['Pending', 'Running', 'AwaitingRetry', 'Cancelled'])
      expect(cancelled).toEqual(['inner'])
      expect(await statesOf(server, id)).toEqual(['inner-0 Cancelled'])
    }))
})

test('what waits in a flow run whose time is over is cancelled', () =>
  withTestServer(async (server) => {
    const late = flow(() => Promise.all([again(), sleep('1 day')]), {
      name: 'late',
      timeoutSeconds: 60,
    }).submit()
    const id = await late.runId
    await server.settle()
    await server.advance('1 minute')
    expect(await late.state()).toMatchObject({ name: 'TimedOut' })
    expect(await statesOf(server, id)).toEqual(['again-0 Cancelled', 'sleep-0 Cancelled'])
  }))

describe('when a process is told to stop', () => {
  const withServer = sharedServer()
  const script = fileURLToPath(new URL('helpers/stopped-flow.ts', import.meta.url))

  test('what waits is Crashed with its flow run, and wakes at its time when that is resumed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-stopped-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await withServer(async ({ apiUrl, client }) => {
      const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder }
      const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'ignore'] })
      const [output] = (await once(child.stdout, 'data')) as [Buffer]
      const id = output.toString().trim()
      const taskRuns = () =>
        client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } }, sort: 'NAME_ASC' } })
      await expect
        .poll(async () => (await taskRuns()).map((run) => run.state_name), { timeout: 20_000 })
        .toEqual(['AwaitingRetry', 'Sleeping'])
      const wake = (await taskRuns())[1]!.state!.state_details.scheduled_time
      child.kill('SIGTERM')
      await once(child, 'exit')
      expect((await taskRuns()).map((run) => run.state)).toMatchObject([
        { type: 'CRASHED', message: 'InterruptedRun: The process received SIGTERM' },
        { type: 'CRASHED', state_details: { scheduled_time: wake } },
      ])

      const resumed = spawn(process.execPath, [script, id], { env, stdio: 'ignore' })
      await once(resumed, 'exit')
      const [, asleep] = await taskRuns()
      const states = await client.readTaskRunStates({ query: { task_run_id: asleep!.id } })
      expect(states.map(({ name }) => name)).toEqual(['Sleeping', 'Crashed', 'Sleeping', 'Completed'])
      expect(states[2]!.state_details.scheduled_time).toBe(wake)
      expect(Date.parse(states[3]!.timestamp)).toBeGreaterThanOrEqual(Date.parse(wake!))
    })
  })
})
