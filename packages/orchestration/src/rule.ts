import type { StateSet } from './state-sets.ts'
import type { Transition } from './transition.ts'
import type { FlowFacts, State, TaskFacts } from './types.ts'

export type Facts = FlowFacts | TaskFacts

/**
 * Judges transitions between its sets of state types. `before` may decide; `after` runs when the
 * transition the rule saw is still the one that happens, `cleanup` when another rule changed it.
 * A transition that the rule itself refused reaches `after` only if `to` covers what became of it.
 */
export interface Rule<F extends Facts> {
  name: string
  from: StateSet
  to: StateSet
  before?(transition: Transition<F>, proposed: State): void
  /** `written` is null when the rule itself refused the transition. */
  after?(transition: Transition<F>, written: State | null): void
  cleanup?(transition: Transition<F>): void
}

/** Bookkeeping which applies whenever a state is about to be written, whatever the rules decided. */
export interface Transform<F extends Facts> {
  name: string
  universal: true
  before?(transition: Transition<F>, proposed: State): void
  after?(transition: Transition<F>, written: State): void
}

export type Step<F extends Facts> = Rule<F> | Transform<F>

export const flowRule = (rule: Rule<FlowFacts>): Rule<FlowFacts> => rule
export const taskRule = (rule: Rule<TaskFacts>): Rule<TaskFacts> => rule
/** A rule for flow runs and task runs alike. */
export const commonRule = (rule: Rule<Facts>): Rule<Facts> => rule

export function flowTransform(transform: Omit<Transform<FlowFacts>, 'universal'>): Transform<FlowFacts> {
  return { universal: true, ...transform }
}

export function taskTransform(transform: Omit<Transform<TaskFacts>, 'universal'>): Transform<TaskFacts> {
  return { universal: true, ...transform }
}

export function commonTransform(transform: Omit<Transform<Facts>, 'universal'>): Transform<Facts> {
  return { universal: true, ...transform }
}
