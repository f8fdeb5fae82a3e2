import { timeLimit } from '../client/time-limit.ts'
import type { Runtime } from '../engine/runtime.ts'
import { RunError, State } from '../engine/state.ts'
import { fromWire } from '../engine/wire-state.ts'
import { keptResult } from '../results/kept-result.ts'
import type { ResultPolicy } from '../results/result-policy.ts'
import { runWatcher } from './run-watcher.ts'

/** How long to wait for a background run. */
export interface WaitOptions {
  timeoutSeconds?: number | undefined
  signal?: AbortSignal | undefined
}

/** A task run that waits for a worker, or is with one. It goes on whether or not anybody waits for it. */
export class BackgroundRun<T> {
  /** Of the task run, on the server. */
  readonly id: string
  readonly name: string
  readonly #runtime: Runtime
  readonly #results: ResultPolicy

  constructor(run: { id: string; name: string }, runtime: Runtime, results: ResultPolicy) {
    this.id = run.id
    this.name = run.name
    this.#runtime = runtime
    this.#results = results
  }

  /** Waits for what the task returns; throws its failure, MissingResultError, or the signal's reason. */
  async result(options: WaitOptions = {}): Promise<T> {
    const state = await this.state(options)
    if (state.isCompleted && state.stored === null) return undefined as T
    return keptResult(`Task run '${this.name}'`, state, this.#results)
  }

  /** Waits for the final state; does not throw when the run fails. */
  async state({ timeoutSeconds, signal }: WaitOptions = {}): Promise<State<T>> {
    const release = this.#runtime.lease()
    const limit = timeLimit(this.#runtime.clock, timeoutSeconds, signal)
    try {
      const run = await runWatcher(this.#runtime).ended(this.id, limit.signal)
      if (run?.state) return fromWire<T>(run.state)
      const gone = new State<T>('CRASHED', { message: `Task run '${this.name}' was deleted` })
      return gone.with({ error: new RunError(gone) })
    } finally {
      limit.end()
      await release()
    }
  }
}
