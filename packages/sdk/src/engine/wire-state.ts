import type { State as WireState, StateCreate } from '@reeve/schemas/state'
import { State } from './state.ts'

/** A state as it is proposed: fields that are left out take the server's defaults. */
export type Proposal = (typeof StateCreate)['_zod']['input']

/** The server's state as one of ours; results and errors are not part of it. */
export function fromWire<T>({
  type,
  name,
  message,
  data,
  id,
  timestamp,
  state_details,
}: WireState): State<T> {
  return new State<T>(type, {
    name,
    id,
    timestamp,
    details: state_details,
    stored: data,
    ...(message !== null && { message }),
  })
}

/** A state that is only proposed yet. */
export function fromProposal({ type, name, message }: Proposal): State {
  return new State(type, { ...(name && { name }), ...(message && { message }) })
}
