/** The nine kinds of state; a run's position in its life. Source of the order: the contract, section 2. */
export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const

export type StateType = (typeof STATE_TYPES)[number]

const TERMINAL: ReadonlySet<StateType> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'])

export function isTerminal(type: StateType): boolean {
  return TERMINAL.has(type)
}

/** `SCHEDULED` becomes `Scheduled`: the name of a state that was given none. */
export function defaultStateName(type: StateType): string {
  return type.charAt(0) + type.slice(1).toLowerCase()
}
