import { type Clock, systemClock } from '../client/clock.ts'
import { currentScope } from './scope.ts'

/** The clock of the server connection that the calling code uses; real time outside of runs and tests. */
export function currentClock(): Clock {
  return currentScope()?.runtime?.clock ?? systemClock
}
