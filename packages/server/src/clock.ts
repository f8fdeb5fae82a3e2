import type { Timestamp } from '@reeve/schemas/time'

export interface Clock {
  /** Microseconds since the epoch; never the same twice and never backwards in one process. */
  now(): Timestamp
}

/** How far the monotonic clock may wander from the wall clock before it is set again. */
const TOLERATED_DRIFT_MS = 200

/** The wall clock with microseconds from the monotonic one; a step back of the wall clock is waited out. */
export function systemClock(): Clock {
  let offset = 0
  let last = 0
  return {
    now() {
      const monotonic = performance.timeOrigin + performance.now()
      const wall = Date.now()
      if (Math.abs(monotonic + offset - wall) > TOLERATED_DRIFT_MS) offset = wall - monotonic
      last = Math.max(last + 1, Math.floor((monotonic + offset) * 1000))
      return last
    },
  }
}
