import type { Transitioned } from '../../models/transitioned.ts'
import { shownData } from '../../models/state-data.ts'
import type { Answer } from '../answer.ts'
import { wireState } from './state.ts'

/** 201 when a state was written, 200 when the run keeps the one it has. */
export function orchestrationAnswer(transitioned: Transitioned): Answer {
  return { status: transitioned.written ? 201 : 200, body: wireOrchestrationResult(transitioned) }
}

export function wireOrchestrationResult({ state, status, details }: Transitioned) {
  const shown = state && { ...state, data: shownData(state.data) }
  return { state: wireState(shown), status, details }
}
