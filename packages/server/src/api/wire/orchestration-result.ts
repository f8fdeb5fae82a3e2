import type { Transitioned } from '../../models/task-run-transitions.ts'
import { shownData } from '../../models/state-data.ts'
import type { Answer } from '../answer.ts'
import { wireState } from './state.ts'

/** 201 when a state was written, 200 when the run keeps the one it has. */
export function orchestrationAnswer({ state, written, status, details }: Transitioned): Answer {
  const shown = state && { ...state, data: shownData(state.data) }
  return { status: written ? 201 : 200, body: { state: wireState(shown), status, details } }
}
