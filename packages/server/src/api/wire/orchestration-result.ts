import type { StateCreate } from '@reeve/schemas/state'
import type { Transitioned } from '../../models/transitioned.ts'
import { shownData } from '../../models/state-data.ts'
import type { Answer } from '../answer.ts'
import { wireState } from './state.ts'
import { terseResult } from './terse.ts'

/** 201 when a state was written, 200 when the run keeps the one it has. Terse if told what was asked. */
export function orchestrationAnswer(transitioned: Transitioned, asked?: StateCreate): Answer {
  return {
    status: transitioned.written ? 201 : 200,
    body: asked ? terseResult(transitioned, asked) : wireOrchestrationResult(transitioned),
  }
}

export function wireOrchestrationResult({ state, status, details }: Transitioned) {
  const shown = state && { ...state, data: shownData(state.data) }
  return { state: wireState(shown), status, details }
}
