import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from './client/clock.ts'
import { type Duration, durationSeconds } from './durations.ts'
import { remoteRuntime } from './engine/connect.ts'
import { runInScope } from './engine/scope.ts'
import { openInMemoryServer } from './local/in-memory-server.ts'
import { memoryStorage } from './results/memory-storage.ts'
import { readSettings } from './settings.ts'
import { countRequests } from './testing/counted-server.ts'
import { RunLog, type RunReference, type SeenTaskRun } from './testing/run-log.ts'
import { TimeTravel } from './testing/time-travel.ts'
import { VirtualClock } from './testing/virtual-clock.ts'
import { type ServerHandle, serverHandle } from './with-server.ts'

export type { Duration } from './durations.ts'
export type { RunReference, SeenTaskRun } from './testing/run-log.ts'

/** Options of `withTestServer()`; all may be left out. */
export interface TestServerOptions {
  /** Where the virtual time begins; the present when left out. */
  now?: Date | string
  /** Settings by their REEVE_ names. */
  environment?: Record<string, string>
  /** Uses this server, and real time, instead of one in memory. */
  apiUrl?: string | undefined
}

/** The server of a test. Everything that takes a run takes what `submit` gave, or the run's id. */
export interface TestServer extends ServerHandle {
  /** The server's and the SDK's time. */
  now(): Date
  /**
   * Lets so much time pass, at once: all that waits for a moment on the way happens then, in order, with all
   * that follows from it. Works for what goes by Reeve's clock: delays, timeouts, sleeps, pauses, leases,
   * lateness; not for `setTimeout` in your own code.
   * @example await server.advance('7 days')
   */
  advance(duration: Duration): Promise<void>
  /** Waits, while time stands still, until all runs wait for time, for input or for the network. */
  settle(): Promise<void>
  /** Names of all states that the run has had, oldest first. */
  states(run: RunReference): Promise<string[]>
  /** The task runs of a flow run in the order of their starts. */
  taskRuns(flowRun: RunReference): Promise<SeenTaskRun[]>
  /** Messages that the run has logged, oldest first; those of a flow run's tasks are among its own. */
  logs(run: RunReference): Promise<string[]>
  /** Fails unless these are the names of the run's states. */
  expectStates(run: RunReference, names: readonly string[]): Promise<void>
  /** Fails unless the run's log has a record for each of these, in this order; others may be between them. */
  expectLogs(run: RunReference, expected: readonly (string | RegExp)[]): Promise<void>
}

/**
 * Calls `fn` with all runs in it going to a server of their own, in memory, which is gone afterwards; results
 * stay in memory too and nothing is printed. Time stands still but for `advance`, and for results of runs
 * that are awaited: for those, delays are skipped.
 * @example
 * test('asks again a day later', () =>
 *   withTestServer(async (server) => {
 *     const run = collect.submit('2026-01-31')
 *     await server.advance('1 day')
 *     await server.expectStates(run, ['Pending', 'Running', 'AwaitingRetry', 'Retrying', 'Completed'])
 *   }))
 */
export async function withTestServer<T>(
  fn: (server: TestServer) => T | Promise<T>,
  { now, environment = {}, apiUrl }: TestServerOptions = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-test-'))
  const timed = apiUrl === undefined ? await openTimedServer(now) : undefined
  try {
    const url = apiUrl ?? 'http://in-memory.invalid/api'
    const fetching = timed && { fetch: timed.fetch }
    const settings = readSettings({
      REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no',
      ...environment,
      REEVE_API_URL: url,
      REEVE_HOME: folder,
    })
    const own = { ...settings, uiUrl: apiUrl && settings.uiUrl }
    const plain = remoteRuntime(own, { url, ...fetching }, timed?.clock)
    const runtime = { ...plain, results: { ...plain.results, storage: memoryStorage() } }
    const handle = await serverHandle(runtime)
    const runs = new RunLog(handle.client, runtime)
    const server = { ...handle, ...timeOf(timed?.clock, timed?.time), ...readersOf(runs) }
    return await runInScope({ runtime }, async () => fn(server))
  } finally {
    await timed?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function openTimedServer(start: Date | string | undefined) {
  const clock = new VirtualClock(start === undefined ? Date.now() : new Date(start).getTime())
  const server = countRequests(await openInMemoryServer(() => clock.now()), () => clock.noteChange())
  const time = new TimeTravel(clock, server)
  const close = async () => {
    await time.stop()
    await server.close()
  }
  return { clock, time, close, fetch: server.fetch }
}

function timeOf(
  clock: Clock = systemClock,
  time?: TimeTravel,
): Pick<TestServer, 'now' | 'advance' | 'settle'> {
  const travel = () => {
    if (time) return time
    throw new Error('Time can only be moved on the server in memory: leave apiUrl out')
  }
  return {
    now: () => new Date(clock.now()),
    advance: async (duration) => travel().advance(durationSeconds(duration) * 1000),
    settle: async () => travel().settle(),
  }
}

function readersOf(runs: RunLog): Omit<TestServer, keyof ServerHandle | 'now' | 'advance' | 'settle'> {
  return {
    states: (run) => runs.states(run),
    taskRuns: (run) => runs.taskRuns(run),
    logs: (run) => runs.logs(run),
    expectStates: (run, names) => runs.expectStates(run, names),
    expectLogs: (run, expected) => runs.expectLogs(run, expected),
  }
}
