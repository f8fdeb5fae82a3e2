import type { ReceivedEvent } from '@reeve/schemas/event'
import type { TaskRun } from '@reeve/schemas/task-run'
import { isTerminal } from '@reeve/schemas/state-type'
import { ApiError } from '../client/api-error.ts'
import { isRetryable } from '../client/backoff.ts'
import { Looks } from '../engine/looks.ts'
import type { EngineApi } from '../engine/api.ts'
import type { Runtime } from '../engine/runtime.ts'

interface Waiter {
  ended: (run: TaskRun | undefined) => void
  failed: (error: unknown) => void
}

/** Prefect's own clients wait for these; a state with another name is told as that of its type, or found by a look. */
const ENDS = ['Completed', 'Failed', 'Crashed', 'Cancelled'].map((name) => `prefect.task-run.${name}`)

/** Waits for the ends of any number of task runs with one request at a time. */
export class RunWatcher {
  readonly #runtime: Runtime
  readonly #waiting = new Map<string, Set<Waiter>>()
  /** Runs that have been told to be over, or are newly waited for. */
  #news = new Set<string>()
  #looks: Looks | undefined
  #quietSince = 0

  constructor(runtime: Runtime) {
    this.#runtime = runtime
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
      const done = () => signal?.removeEventListener('abort', give)
      const waiter: Waiter = {
        ended: (run) => (done(), resolve(run)),
        failed: (error) => (done(), reject(error)),
      }
      waiters.add(waiter)
      signal?.addEventListener('abort', give, { once: true })
      if (!this.#looks) void this.#look()
      else if (this.#looks.isLive) this.#hear(taskRunId)
      else this.#looks.hurry()
    })
  }

  #hear(id: string): void {
    this.#news.add(id)
    this.#looks?.ring()
  }

  async #look(): Promise<void> {
    const { clock } = this.#runtime
    this.#quietSince = clock.now()
    const looks = new Looks(this.#runtime, {
      names: ENDS,
      matches: (event) => this.#waiting.has(runIdOf(event)),
      onEvent: (event) => this.#news.add(runIdOf(event)),
      firstSeconds: FIRST_DELAY_SECONDS,
      pollSeconds: LAST_DELAY_SECONDS,
      // To be told of ends by the thousand costs more than to ask for many at once.
      listensWhen: () => clock.now() - this.#quietSince >= QUIET_MS,
    })
    this.#looks = looks
    let wholeBy = 0
    while (this.#waiting.size > 0) {
      looks.begin()
      const isWhole = this.#news.size === 0 || clock.now() >= wholeBy
      if (isWhole) wholeBy = clock.now() + WHOLE_MS
      const ids = isWhole ? [...this.#waiting.keys()] : [...this.#news].filter((id) => this.#waiting.has(id))
      this.#news.clear()
      await this.#lookAt(ids).catch((error: unknown) => this.#fail(error))
      if (this.#waiting.size > 0) await looks.wait()
    }
    looks.end()
    this.#looks = undefined
  }

  /** A server that is away is asked again, since who waits has a signal to give up with; one that refuses is not. */
  #fail(error: unknown): void {
    if (!(error instanceof ApiError) || isRetryable(error.status) || error.status >= 500) return
    for (const waiters of this.#waiting.values()) for (const { failed } of waiters) failed(error)
    this.#waiting.clear()
  }

  async #lookAt(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += PAGE) {
      const page = ids.slice(start, start + PAGE)
      const runs = await this.#runtime.api.filterTaskRuns({
        body: { task_runs: { id: { any_: page } }, limit: PAGE },
      })
      const found = new Map(runs.map((run) => [run.id, run]))
      for (const id of page) {
        const run = found.get(id)
        if (run && !(run.state_type && isTerminal(run.state_type))) continue
        for (const { ended } of this.#waiting.get(id) ?? []) ended(run)
        this.#waiting.delete(id)
        this.#looks?.hurry()
        this.#quietSince = this.#runtime.clock.now()
      }
    }
  }
}

function runIdOf({ resource }: ReceivedEvent): string {
  return resource['prefect.resource.id'].slice('prefect.task-run.'.length)
}

const FIRST_DELAY_SECONDS = 0.05
const LAST_DELAY_SECONDS = 1
const QUIET_MS = 2000
/** All are looked at this often, though some are told one after the other. */
const WHOLE_MS = 30_000
const PAGE = 200

const watchers = new WeakMap<EngineApi, RunWatcher>()

/** The one watcher of a connection. */
export function runWatcher(runtime: Runtime): RunWatcher {
  let watcher = watchers.get(runtime.api)
  if (!watcher) watchers.set(runtime.api, (watcher = new RunWatcher(runtime)))
  return watcher
}
