import type { CachePolicy } from '../cache/policy.ts'
import type { ResultOptions } from '../results/result-policy.ts'
import type { RetryDelay } from './delays.ts'
import type { Sink } from './generators.ts'
import type { StateHooks } from './hooks.ts'
import type { RunName } from './run-name.ts'
import type { State } from './state.ts'
import type { TransactionHook } from './transaction.ts'

/** Options of a task; all may be left out, and each call may change them with `withOptions`. */
export interface TaskOptions<A extends unknown[] = unknown[], R = unknown>
  extends ResultOptions, StateHooks<R> {
  /** The function's own name when left out. */
  name?: string | undefined
  description?: string | undefined
  version?: string | undefined
  /** Added to each run; limits on how many may run at once go by tags. */
  tags?: readonly string[] | undefined
  runName?: RunName<A> | undefined
  /**
   * Tells calls in a flow run apart, instead of their numbers: a template such as `{order}`, or a function of
   * the arguments. A resumed run finds the call by it even if others were added before it.
   */
  key?: RunName<A> | undefined
  /** Tries after the first one. */
  retries?: number | undefined
  retryDelaySeconds?: RetryDelay | undefined
  /** Spreads delays: 0.5 lets each be up to half shorter or longer. */
  retryJitterFactor?: number | undefined
  /** Answers false for failures which another try would not mend. */
  retryCondition?: ((error: unknown, state: State) => boolean | Promise<boolean>) | undefined
  timeoutSeconds?: number | undefined
  cachePolicy?: CachePolicy | undefined
  /** Seconds after which a cached result is not used any more. */
  cacheExpirationSeconds?: number | undefined
  /** Runs even if there is a cached result, and replaces it. */
  refreshCache?: boolean | undefined
  /** Key in result storage, as a template of the inputs or a function of the arguments. */
  resultStorageKey?: RunName<A> | undefined
  /** Called when the transaction that the run was part of is committed. */
  onCommit?: TransactionHook | readonly TransactionHook[] | undefined
  /** Called when the transaction that the run was part of is rolled back, to undo what the run did. */
  onRollback?: TransactionHook | readonly TransactionHook[] | undefined
  /** Sends what the task writes to `console` to its log. */
  logPrints?: boolean | undefined
}

/** A task, ready to run. */
export interface TaskDefinition<A extends unknown[] = any[], R = any> {
  readonly name: string
  readonly fn: (...args: A) => unknown
  readonly options: TaskOptions<A, R>
  /** Takes the values of a generator as they come. */
  readonly sink?: Sink
}
