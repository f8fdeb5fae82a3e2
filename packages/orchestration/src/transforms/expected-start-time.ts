import { instantOf } from '../after-seconds.ts'
import { commonTransform } from '../rule.ts'

/** The first state says when the run is expected to start; nothing moves that later. */
export const expectedStartTime = commonTransform({
  name: 'expected-start-time',
  before({ run }, proposed) {
    run.expected_start_time ??=
      proposed.type === 'SCHEDULED' ? instantOf(proposed.state_details.scheduled_time) : proposed.timestamp
  },
})
