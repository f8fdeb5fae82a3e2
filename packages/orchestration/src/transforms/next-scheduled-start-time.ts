import { instantOf } from '../after-seconds.ts'
import { commonTransform } from '../rule.ts'

/** While the run is SCHEDULED, the time it is scheduled for. */
export const nextScheduledStartTime = commonTransform({
  name: 'next-scheduled-start-time',
  before({ current, run }, proposed) {
    if (current?.type === 'SCHEDULED') run.next_scheduled_start_time = null
    if (proposed.type === 'SCHEDULED') {
      run.next_scheduled_start_time = instantOf(proposed.state_details.scheduled_time)
    }
  },
})
