import { describeIssues } from './standard-schema.ts'
import { RunError, type State } from './state.ts'

/** The run was cancelled: by a user, by its parent, or because the process was told to stop. */
export class CancelledRun extends RunError {
  override readonly name = 'CancelledRun'
}

/** The server did not allow the run to go on: it was deleted, finished elsewhere, or its flow run has ended. */
export class AbortedRun extends RunError {
  override readonly name = 'AbortedRun'
}

/** The process was told to stop while the run was going on. */
export class InterruptedRun extends Error {
  override readonly name = 'InterruptedRun'

  constructor(signal: string) {
    super(`The process received ${signal}`)
  }
}

/** The flow run was suspended: this process lets it go, and it starts anew when it is resumed. */
export class SuspendedRun extends RunError {
  override readonly name = 'SuspendedRun'
}

/** Nobody resumed a paused flow run in time. */
export class PauseTimeoutError extends RunError {
  override readonly name = 'PauseTimeoutError'
}

/** A run was not started because one that it depends on did not complete. */
export class UpstreamError extends RunError {
  override readonly name = 'UpstreamError'

  constructor(state: State, upstream: string) {
    super(state, `Not run: ${upstream} did not complete.`)
  }
}

/** A flow or task took longer than its `timeoutSeconds`. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'

  constructor(seconds: number) {
    super(`Took longer than ${seconds} second${seconds === 1 ? '' : 's'}`)
  }
}

/** Something that only makes sense inside of a run was used outside of one. */
export class MissingContextError extends Error {
  override readonly name = 'MissingContextError'

  constructor(what: string, where = 'a flow or task run') {
    super(`${what} works only inside of ${where}.`)
  }
}

/** A flow was called with parameters that its schema refuses. */
export class ParameterError extends TypeError {
  override readonly name = 'ParameterError'
  readonly issues: readonly { path: string; message: string }[]

  constructor(flow: string, issues: readonly { path: string; message: string }[]) {
    super(`Parameters of flow '${flow}' are not valid: ${describeIssues(issues)}`)
    this.issues = issues
  }
}

/** Text of a thrown value for people. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message ? `${error.name}: ${error.message}` : error.name
}
