import type { OrchestrationResult, State as WireState } from '@reeve/schemas/state'
import type { IdentifiedProposal } from './identified.ts'
import { type Verdict, verdictOf } from './propose.ts'

interface Run {
  run_count: number
  state: WireState | null
}

/** A run which the server had or made, and what became of the first proposal, if that is settled. */
export interface Started<R extends Run> {
  run: R
  first: Verdict | undefined
}

/** Reads the answer to a call that creates a run and proposes a state to it. */
export function startedRun<R extends Run>(
  run: R,
  result: OrchestrationResult | null,
  proposal: IdentifiedProposal,
): Started<R> {
  const { state } = run
  if (!result) {
    // The call was sent twice: the run is there because the first one made it.
    if (!isBy(state, proposal) || state.type !== proposal.type) return { run, first: undefined }
    return { run: { ...run, run_count: run.run_count - 1 }, first: { kind: 'accept', state } }
  }
  // Whoever is to wait asks again, and is told then for how long.
  return { run, first: verdictOf(result) }
}

/** Whether it is the proposal that led to the state. */
export function isBy(state: WireState | null, { state_details }: IdentifiedProposal): state is WireState {
  return state?.state_details.transition_id === state_details.transition_id
}
