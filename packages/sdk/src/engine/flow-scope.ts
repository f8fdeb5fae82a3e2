import type { ResultPolicy } from '../results/result-policy.ts'
import type { ChangedSteps } from './changed-step.ts'
import type { Children } from './children.ts'
import type { EarlyFlowStart } from './early-flow-start.ts'
import type { Limiter } from './limiter.ts'
import type { RunKeys } from './run-keys.ts'
import type { Standing } from './standing.ts'
import type { Stop } from './stop.ts'
import type { Unsettled } from './unsettled.ts'

/** A flow run that is going on in this process. */
export interface FlowScope {
  readonly id: string
  readonly name: string
  readonly flowName: string
  readonly parameters: { readonly [name: string]: unknown }
  readonly tags: readonly string[]
  readonly deploymentId: string | undefined
  readonly scheduledStartTime: string | undefined
  /** How often the run has been started, this time included. */
  readonly runCount: number
  readonly parent: FlowScope | undefined
  /** Stops when the run is cancelled or times out. */
  readonly stop: Stop
  readonly limiter: Limiter
  readonly keys: RunKeys
  readonly results: ResultPolicy
  readonly logPrints: boolean
  readonly changedSteps: ChangedSteps
  /** Whether results of task runs go on while their completions are on the way. */
  readonly pipelined: boolean
  readonly unsettled: Unsettled
  /** In the first attempt of a new run: nothing that starts here can have been started before. */
  readonly standing?: Standing
  /** Of a run that began before the server had answered: what is asked of the server waits for that. */
  readonly start: EarlyFlowStart | undefined
  /** Runs started here which must be over before the flow run ends. */
  readonly children: Children
}
