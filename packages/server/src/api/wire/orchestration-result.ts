import type { Transitioned } from '../../models/task-run-transitions.ts'
import type { Answer } from '../answer.ts'
import { wireState } from './state.ts'

/** 201 when a state was written, 200 when the run keeps the one it has. */
export function orchestrationAnswer({ state, written, status, details }: Transitioned): Answer {
  return { status: written ? 201 : 200, body: { state: wireState(state), status, details } }
}
