import { describeError, InterruptedRun } from './errors.ts'
import type { Proposal } from './wire-state.ts'

/** The end of a run that was stopped from outside, for this reason. */
export function stoppedProposal(reason: unknown): Proposal {
  return { type: reason instanceof InterruptedRun ? 'CRASHED' : 'CANCELLED', message: describeError(reason) }
}
