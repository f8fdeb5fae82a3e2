import type { FlowRun } from '@reeve/schemas/flow-run'
import { isTerminal } from '@reeve/schemas/state-type'
import { MissingResultError, type WaitOptions } from '../background/background-run.ts'
import { sleepSeconds } from '../client/sleep.ts'
import { timeLimit } from '../client/time-limit.ts'
import { identified } from '../engine/identified.ts'
import type { Runtime } from '../engine/runtime.ts'
import type { State } from '../engine/state.ts'
import { fromWire } from '../engine/wire-state.ts'
import { readResult } from '../results/reference.ts'
import type { ResultPolicy } from '../results/result-policy.ts'

const FIRST_LOOK_SECONDS = 0.1
const LAST_LOOK_SECONDS = 2

/** A run of a deployment. It goes on whether or not anybody waits for it. */
export class DeploymentRun<R> {
  /** Of the flow run, on the server. */
  readonly id: string
  readonly name: string
  readonly #runtime: Runtime
  readonly #results: ResultPolicy

  constructor({ id, name }: FlowRun, runtime: Runtime, results: ResultPolicy) {
    this.id = id
    this.name = name
    this.#runtime = runtime
    this.#results = results
  }

  /**
   * Waits for what the flow returns; throws its failure, MissingResultError, or the signal's reason. The result
   * has to be where this process finds it: short ones are on the server, others in the result storage.
   */
  async result(options: WaitOptions = {}): Promise<R> {
    const state = await this.state(options)
    if (!state.isCompleted) return state.result()
    const found = await readResult(this.#results, state.stored)
    if (found) return found.value as R
    throw new MissingResultError(
      `Flow run '${this.name}' has completed, but its result was not kept where this process looks for it ` +
        `(${this.#results.storage.type} storage). Set persistResult and a shared resultStorage on the flow.`,
    )
  }

  /** Waits for the final state; does not throw when the run fails. */
  state({ timeoutSeconds, signal }: WaitOptions = {}): Promise<State<R>> {
    return this.#withRuntime(async ({ api, clock }) => {
      const limit = timeLimit(clock, timeoutSeconds, signal)
      try {
        for (let pause = FIRST_LOOK_SECONDS; ; pause = Math.min(pause * 1.5, LAST_LOOK_SECONDS)) {
          limit.signal?.throwIfAborted()
          const { state } = await api.readFlowRun({ params: { id: this.id } })
          if (state && isTerminal(state.type)) return fromWire<R>(state)
          await sleepSeconds(pause, limit.signal, clock, 'poll')
        }
      } finally {
        limit.end()
      }
    })
  }

  /** Asks for the run to be cancelled. Throws when it cannot be any more. */
  async cancel(): Promise<void> {
    await this.#withRuntime(async ({ api }) => {
      const state = identified({ type: 'CANCELLING' })
      const { status, details } = await api.setFlowRunState({ params: { id: this.id }, body: { state } })
      if (status !== 'ACCEPT' && status !== 'REJECT')
        throw new Error(`The run was not cancelled: ${'reason' in details ? details.reason : status}`)
    })
  }

  /** The connection that made the run is kept up meanwhile; inside of a run it is that run's. */
  async #withRuntime<T>(fn: (runtime: Runtime) => Promise<T>): Promise<T> {
    const release = this.#runtime.lease()
    try {
      return await fn(this.#runtime)
    } finally {
      await release()
    }
  }
}
