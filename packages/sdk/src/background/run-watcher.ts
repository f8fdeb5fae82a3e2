import type { TaskRun } from '@reeve/schemas/task-run'
import { isTerminal } from '@reeve/schemas/state-type'
import { ApiError } from '../client/api-error.ts'
import { isRetryable } from '../client/backoff.ts'
import type { Clock } from '../client/clock.ts'
import { sleepSeconds } from '../client/sleep.ts'
import type { EngineApi } from '../engine/api.ts'
import type { Runtime } from '../engine/runtime.ts'

interface Waiter {
  ended: (run: TaskRun | undefined) => void
  failed: (error: unknown) => void
}

/** Waits for the ends of any number of task runs with one request at a time. */
export class RunWatcher {
  readonly #api: EngineApi
  readonly #clock: Clock
  readonly #waiting = new Map<string, Set<Waiter>>()
  #delay = FIRST_DELAY_SECONDS
  #isLooking = false

  constructor({ api, clock }: Pick<Runtime, 'api' | 'clock'>) {
    this.#api = api
    this.#clock = clock
  }

  /** The run in its final state; undefined when there is no such run. Rejects when the signal aborts. */
  ended(taskRunId: string, signal?: AbortSignal): Promise<TaskRun | undefined> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const waiters = this.#waiting.get(taskRunId) ?? new Set()
      this.#waiting.set(taskRunId, waiters)
      const give = () => {
        waiters.delete(waiter)
        if (waiters.size === 0) this.#waiting.delete(taskRunId)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        ended: (run) => {
          signal?.removeEventListener('abort', give)
          resolve(run)
        },
        failed: reject,
      }
      waiters.add(waiter)
      signal?.addEventListener('abort', give, { once: true })
      this.#delay = FIRST_DELAY_SECONDS
      if (!this.#isLooking) void this.#look()
    })
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    while (this.#waiting.size > 0) {
      await this.#lookOnce().catch((error: unknown) => this.#fail(error))
      await sleepSeconds(this.#delay, undefined, this.#clock, 'poll')
      this.#delay = Math.min(this.#delay * 1.5, LAST_DELAY_SECONDS)
    }
    this.#isLooking = false
  }

  /** A server that is away is asked again, since who waits has a signal to give up with; one that refuses is not. */
  #fail(error: unknown): void {
    if (!(error instanceof ApiError) || isRetryable(error.status) || error.status >= 500) return
    for (const waiters of this.#waiting.values()) for (const { failed } of waiters) failed(error)
    this.#waiting.clear()
  }

  async #lookOnce(): Promise<void> {
    const ids = [...this.#waiting.keys()]
    for (let start = 0; start < ids.length; start += PAGE) {
      const page = ids.slice(start, start + PAGE)
      const runs = await this.#api.filterTaskRuns({
        body: { task_runs: { id: { any_: page } }, limit: PAGE },
      })
      const found = new Map(runs.map((run) => [run.id, run]))
      for (const id of page) {
        const run = found.get(id)
        if (run && !(run.state_type && isTerminal(run.state_type))) continue
        for (const { ended } of this.#waiting.get(id) ?? []) ended(run)
        this.#waiting.delete(id)
        this.#delay = FIRST_DELAY_SECONDS
      }
    }
  }
}

const FIRST_DELAY_SECONDS = 0.05
const LAST_DELAY_SECONDS = 1
const PAGE = 200

const watchers = new WeakMap<EngineApi, RunWatcher>()

/** The one watcher of a connection. */
export function runWatcher(runtime: Runtime): RunWatcher {
  let watcher = watchers.get(runtime.api)
  if (!watcher) watchers.set(runtime.api, (watcher = new RunWatcher(runtime)))
  return watcher
}
