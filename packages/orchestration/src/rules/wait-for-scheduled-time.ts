import { instantOf } from '../after-seconds.ts'
import { commonRule } from '../rule.ts'

/** A run that comes before its time is told for how many whole seconds to wait. */
export const waitForScheduledTime = commonRule({
  name: 'wait-for-scheduled-time',
  from: ['SCHEDULED', 'PENDING'],
  to: ['RUNNING'],
  before(transition) {
    const due = instantOf(transition.current?.state_details.scheduled_time)
    if (due === null) return
    const seconds = wholeSeconds(due - transition.facts.now)
    if (seconds > 0) transition.wait(seconds, 'The scheduled time is not yet come.')
  },
})

/** Rounds microseconds to the nearest second, a half down as the reference does. */
function wholeSeconds(micros: number): number {
  return Math.ceil(micros / 1_000_000 - 0.5)
}
