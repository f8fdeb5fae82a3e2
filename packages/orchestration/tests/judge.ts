import { decideFlowTransition, decideTaskTransition } from '../src/decide.ts'
import { definePolicy } from '../src/policy.ts'
import type { Facts, Step } from '../src/rule.ts'
import type { Decision, FlowFacts, FlowRun, State, TaskFacts, TaskRun } from '../src/types.ts'

function alone<F extends Facts>(step: Step<F>) {
  return definePolicy<F>(step.name, { '3.8': [step], '2.20': [step] }, [])
}

/** What one rule decides when no other rule or transform is there. */
export function judgeFlow(step: Step<FlowFacts>, facts: FlowFacts, proposal: State): Decision<FlowRun> {
  return decideFlowTransition(alone(step), facts, proposal)
}

export function judgeTask(step: Step<TaskFacts>, facts: TaskFacts, proposal: State): Decision<TaskRun> {
  return decideTaskTransition(alone(step), facts, proposal)
}

/** `ACCEPT RUNNING Running`, `REJECT keep`, `WAIT 30`: a decision in a word or three. */
export function brief({ status, state, details }: Decision<unknown>): string {
  if (state) return `${status} ${state.type} ${state.name}`
  if (details.type === 'wait_details') return `WAIT ${details.delay_seconds}`
  return status === 'REJECT' ? 'REJECT keep' : status
}
