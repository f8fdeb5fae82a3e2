import type { Decision, State, TaskRun } from './types.ts'

const REPEATED = 'The run has made this transition already.'

/**
 * What a task run's transition was answered when it was made, if the proposal only repeats it: a client that
 * lost the answer sends the same `transition_id` again. Undefined for any other proposal. Flow runs have a
 * rule for it, which the contract words differently.
 */
export function repeatedTransition(current: State | null, proposal: State): Decision<TaskRun> | undefined {
  const id = proposal.state_details.transition_id ?? null
  if (id === null || current === null || current.state_details.transition_id !== id) return undefined
  const accepted = current.type === proposal.type
  return {
    status: accepted ? 'ACCEPT' : 'REJECT',
    details: accepted ? { type: 'accept_details' } : { type: 'reject_details', reason: REPEATED },
    state: null,
    patch: {},
    effects: [],
  }
}

/** The state to write says which transition made it, also when rules put it in the place of the proposed one. */
export function withTransitionId(written: State | null, proposal: State): State | null {
  const id = proposal.state_details.transition_id ?? null
  if (written === null || id === null || written.state_details.transition_id === id) return written
  return { ...written, state_details: { ...written.state_details, transition_id: id } }
}
