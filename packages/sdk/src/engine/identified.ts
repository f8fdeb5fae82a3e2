import type { Proposal } from './wire-state.ts'

/** A proposal with an id of its own: the server takes a repeated one for the same. */
export type IdentifiedProposal = Proposal & { state_details: { transition_id: string } }

export function identified(proposal: Proposal): IdentifiedProposal {
  return {
    ...proposal,
    state_details: { ...proposal.state_details, transition_id: crypto.randomUUID() },
  }
}
