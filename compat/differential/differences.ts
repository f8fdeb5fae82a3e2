import type { Answer } from './normalise.ts'
import type { Operation } from './operation.ts'

/** A difference that we want, and why. */
export interface Intended {
  reason: string
  /** The servers hold different rows from here on: the rest of the sequence says nothing. */
  ends: boolean
  applies(operation: Operation, expected: Answer, found: Answer): boolean
}

export const INTENDED: readonly Intended[] = [
  {
    reason: 'an inner error of the reference; whatever else we answer is better',
    ends: true,
    applies: (_operation, expected) => expected.status === 500,
  },
]

/** Why these two answers may differ; undefined when they may not. */
export function intended(operation: Operation, expected: Answer, found: Answer): Intended | undefined {
  return INTENDED.find((each) => each.applies(operation, expected, found))
}
