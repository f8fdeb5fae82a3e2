import { log } from '../logs/logger.ts'
import { describeError } from './errors.ts'
import type { State } from './state.ts'

/** What a hook is told about the run. */
export interface HookRun {
  readonly id: string
  /** The run's own name. */
  readonly name: string
  /** The name of the flow or task. */
  readonly of: string
  readonly kind: 'flow' | 'task'
}

/** Called after the server took the state; the run goes on once it has returned. Failures are logged, no more. */
export type StateHook<T = unknown> = (run: HookRun, state: State<T>) => unknown

export interface StateHooks<T = unknown> {
  onRunning?: StateHook<T> | readonly StateHook<T>[] | undefined
  onCompletion?: StateHook<T> | readonly StateHook<T>[] | undefined
  onFailure?: StateHook<T> | readonly StateHook<T>[] | undefined
  onCancellation?: StateHook<T> | readonly StateHook<T>[] | undefined
  onCrashed?: StateHook<T> | readonly StateHook<T>[] | undefined
}

const HOOK_OF: { [type: string]: keyof StateHooks } = {
  RUNNING: 'onRunning',
  COMPLETED: 'onCompletion',
  FAILED: 'onFailure',
  CANCELLED: 'onCancellation',
  CRASHED: 'onCrashed',
}

export async function callHooks<T>(hooks: StateHooks<T>, run: HookRun, state: State<T>): Promise<void> {
  const key = HOOK_OF[state.type]
  const found = key && hooks[key]
  if (!found) return
  for (const hook of typeof found === 'function' ? [found] : found) {
    try {
      await hook(run, state)
    } catch (error) {
      log.error(`Hook '${hook.name || key}' failed: ${describeError(error)}`)
    }
  }
}
