import { STATE_TYPES, isTerminal } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'

/** Types of state that a rule covers; null stands for "no state". */
export type StateSet = readonly (StateType | null)[]

export const ANY: StateSet = [null, ...STATE_TYPES]
export const TERMINAL: StateSet = STATE_TYPES.filter(isTerminal)

export function anyExcept(...excluded: StateType[]): StateSet {
  return ANY.filter((type) => type === null || !excluded.includes(type))
}
