import type { ResultOptions } from '../results/result-policy.ts'
import type { ChangedSteps } from './changed-step.ts'
import type { StateHooks } from './hooks.ts'
import type { RunName } from './run-name.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Options of a flow; all may be left out, and each call may change them with `withOptions`. */
export interface FlowOptions<A extends unknown[] = unknown[], R = unknown>
  extends ResultOptions, StateHooks<R> {
  /** The function's own name when left out; it is the flow's identity on the server. */
  name?: string | undefined
  description?: string | undefined
  version?: string | undefined
  tags?: readonly string[] | undefined
  runName?: RunName<A> | undefined
  /** Any Standard Schema (zod, valibot, arktype …) of the flow's one parameter, an object. */
  parameters?: StandardSchema | undefined
  retries?: number | undefined
  retryDelaySeconds?: number | undefined
  timeoutSeconds?: number | undefined
  /** Task runs of one flow run that may run at the same time; unlimited when left out. */
  concurrency?: number | undefined
  logPrints?: boolean | undefined
  /**
   * On a Reeve server, gives the flow a task's result while the server is still storing it; the next task's
   * function, sleeps and the flow run's end wait until it is stored. Faster, for flows that do nothing to the
   * world outside of tasks. False when left out: what a flow has seen is durable.
   */
  pipelined?: boolean | undefined
  /**
   * What happens when a flow run is resumed and a completed task run has other inputs or other code by now:
   * `fail` (the default), `rerun` it, or `reuse` its result.
   */
  changedSteps?: ChangedSteps | undefined
}

/** A flow, ready to run. */
export interface FlowDefinition<A extends unknown[] = any[], R = any> {
  readonly name: string
  readonly fn: (...args: A) => unknown
  readonly options: FlowOptions<A, R>
}
