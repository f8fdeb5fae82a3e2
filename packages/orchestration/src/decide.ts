import type { StateType } from '@reeve/schemas/state-type'
import type { Policy } from './policy.ts'
import { repeatedTransition, withTransitionId } from './repeated-transition.ts'
import type { Facts } from './rule.ts'
import { flowRunPatch, taskRunPatch } from './run-patch.ts'
import { Transition } from './transition.ts'
import type { Decision, FlowFacts, FlowRun, State, TaskFacts, TaskRun } from './types.ts'

/** Decides what a flow run's proposed state comes to. Pure: nothing that is passed in is changed. */
export function decideFlowTransition(
  policy: Policy<FlowFacts>,
  facts: FlowFacts,
  proposal: State,
): Decision<FlowRun> {
  const { status, details, proposed, run, effects } = govern(policy, facts, proposal)
  return { status, details, state: proposed, patch: flowRunPatch(facts.run, run), effects }
}

/** Decides what a task run's proposed state comes to. Pure: nothing that is passed in is changed. */
export function decideTaskTransition(
  policy: Policy<TaskFacts>,
  facts: TaskFacts,
  proposal: State,
): Decision<TaskRun> {
  const repeated = repeatedTransition(facts.current, proposal)
  if (repeated) return repeated
  const { status, details, proposed, run, effects } = govern(policy, facts, proposal)
  const state = withTransitionId(proposed, proposal)
  return { status, details, state, patch: taskRunPatch(facts.run, run), effects }
}

/** Proposals get their times as they arrive and may be decided in another order; a history only goes forward. */
function afterCurrent(current: State | null, proposal: State): State {
  if (current === null || proposal.timestamp > current.timestamp) return proposal
  return { ...proposal, timestamp: current.timestamp + 1 }
}

/** The rule did not judge, because an earlier one had already changed the transition. */
const STOOD_ASIDE = undefined

function govern<F extends Facts>(policy: Policy<F>, facts: F, proposal: State): Transition<F> {
  const transition = new Transition(facts, afterCurrent(facts.current, proposal))
  const requested = proposal.type
  const steps = policy.stepsFor(facts.client.generation, facts.current?.type ?? null, requested)

  // The type that each step left behind; null when it left nothing to write.
  const outcomes: (StateType | null | undefined)[] = []
  for (const step of steps) {
    const { proposed } = transition
    if (proposed === null || (proposed.type !== requested && !step.universal)) {
      outcomes.push(STOOD_ASIDE)
      continue
    }
    step.before?.(transition, proposed)
    outcomes.push(transition.proposed === null ? null : transition.proposed.type)
  }

  const written = transition.proposed
  const final = written === null ? null : written.type
  for (let index = steps.length - 1; index >= 0; index--) {
    const { universal, to, after, cleanup } = steps[index]!
    if (universal) {
      if (written !== null) after?.(transition, written)
      continue
    }
    const outcome = outcomes[index]
    if (outcome === STOOD_ASIDE || (outcome !== requested && !to.includes(outcome))) continue
    if (outcome === final) after?.(transition, written)
    else cleanup?.(transition)
  }
  return transition
}
