import type { FlowRun } from '@reeve/schemas/flow-run'
import { isTerminal } from '@reeve/schemas/state-type'
import type { WaitOptions } from '../background/background-run.ts'
import { timeLimit } from '../client/time-limit.ts'
import { identified } from '../engine/identified.ts'
import { Looks } from '../engine/looks.ts'
import type { Runtime } from '../engine/runtime.ts'
import type { State } from '../engine/state.ts'
import { fromWire } from '../engine/wire-state.ts'
import { keptResult } from '../results/kept-result.ts'
import type { ResultPolicy } from '../results/result-policy.ts'

const POLL_SECONDS = 2
/** An end under a name of its own is found by a look. */
const LIVE_POLL_SECONDS = 10
const ENDS = ['Completed', 'Failed', 'Crashed', 'Cancelled', 'TimedOut'].map(
  (name) => `prefect.flow-run.${name}`,
)

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
    return keptResult(`Flow run '${this.name}'`, await this.state(options), this.#results)
  }

  /** Waits for the final state; does not throw when the run fails. */
  state({ timeoutSeconds, signal }: WaitOptions = {}): Promise<State<R>> {
    return this.#withRuntime(async (runtime) => {
      const limit = timeLimit(runtime.clock, timeoutSeconds, signal)
      const resourceId = `prefect.flow-run.${this.id}`
      const looks = new Looks(runtime, {
        names: ENDS,
        matches: ({ resource }) => resource['prefect.resource.id'] === resourceId,
        pollSeconds: POLL_SECONDS,
        liveSeconds: LIVE_POLL_SECONDS,
      })
      try {
        for (;;) {
          limit.signal?.throwIfAborted()
          looks.begin()
          const { state } = await runtime.api.readFlowRun({ params: { id: this.id } })
          if (state && isTerminal(state.type)) return fromWire<R>(state)
          await looks.wait(undefined, limit.signal)
        }
      } finally {
        looks.end()
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
