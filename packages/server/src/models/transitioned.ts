import type { Decision, ResponseDetails, State } from '@reeve/orchestration/types'

/** What became of a proposal: the state that the run has now (null: it has none), and the rules' answer. */
export interface Transitioned {
  state: State | null
  /** True when `state` was written by this proposal. */
  written: boolean
  status: Decision<unknown>['status']
  details: ResponseDetails
}

/** The same, from what was decided of a run that was in the state `current`. */
export function transitionedBy(decision: Decision<unknown>, current: State | null): Transitioned {
  const { state, status, details } = decision
  return { state: state ?? current, written: state !== null, status, details }
}
