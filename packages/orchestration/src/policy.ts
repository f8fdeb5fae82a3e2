import { STATE_TYPES } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Facts, Rule, Step, Transform } from './rule.ts'
import type { StateSet } from './state-sets.ts'
import type { Client } from './types.ts'

type Generation = Client['generation']

/** A rule or transform with every field in place: steps of one shape keep the engine's loop fast. */
export interface CompiledStep<F extends Facts> {
  name: string
  universal: boolean
  to: StateSet
  before: Transform<F>['before']
  after: Rule<F>['after']
  cleanup: Rule<F>['cleanup']
}

/** Ordered rules for each generation of clients; the first rule that decides wins. */
export interface Policy<F extends Facts> {
  readonly name: string
  /** The steps that cover a pair of state types, in order. */
  stepsFor(generation: Generation, from: StateType | null, to: StateType): readonly CompiledStep<F>[]
}

const POSITION = new Map<StateType | null, number>([null, ...STATE_TYPES].map((type, index) => [type, index]))

/** Joins the rules of a policy with the transforms that follow every policy. */
export function definePolicy<F extends Facts>(
  name: string,
  rules: Record<Generation, readonly Step<F>[]>,
  transforms: readonly Step<F>[],
): Policy<F> {
  const compiled: Record<Generation, (readonly CompiledStep<F>[])[]> = { '3.8': [], '2.20': [] }
  return {
    name,
    stepsFor(generation, from, to) {
      const pair = POSITION.get(from)! * POSITION.size + POSITION.get(to)!
      return (compiled[generation][pair] ??= [...rules[generation], ...transforms]
        .filter((step) => covers(step, from, to))
        .map(compile))
    },
  }
}

function covers<F extends Facts>(step: Step<F>, from: StateType | null, to: StateType): boolean {
  return 'universal' in step || (step.from.includes(from) && step.to.includes(to))
}

function compile<F extends Facts>(step: Step<F>): CompiledStep<F> {
  const { name, before, after } = step
  if (!('universal' in step)) {
    return { name, universal: false, to: step.to, before, after, cleanup: step.cleanup }
  }
  return { name, universal: true, to: [], before, after: after as Rule<F>['after'], cleanup: undefined }
}
