import { State, type StateOptions } from './state.ts'

/** Return one of these from a flow or task to end in that state: `return Completed({ name: 'Skipped' })`. */
export function Completed<T = undefined>(options: StateOptions<T> = {}): State<T> {
  return new State('COMPLETED', options)
}

/** Return it to fail: a task or flow may be retried, as after a throw. */
export function Failed<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('FAILED', options)
}

/** Return it to end as a run whose process broke down. */
export function Crashed<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('CRASHED', options)
}

/** Return it to end as a run that was cancelled. */
export function Cancelled<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('CANCELLED', options)
}

export function Cancelling<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('CANCELLING', options)
}

export function Pending<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('PENDING', options)
}

export function Running<T = never>(options: StateOptions<T> = {}): State<T> {
  return new State('RUNNING', options)
}

export function Scheduled<T = never>(options: StateOptions<T> & { at?: Date } = {}): State<T> {
  const details = options.at ? { scheduled_time: options.at.toISOString() } : {}
  return new State('SCHEDULED', { ...options, details })
}
