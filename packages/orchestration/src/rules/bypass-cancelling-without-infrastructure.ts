import { flowRule } from '../rule.ts'

/** CANCELLING exists to take infrastructure down; where there is none, the run is CANCELLED at once. */
export const bypassCancellingWithoutInfrastructure = flowRule({
  name: 'bypass-cancelling-without-infrastructure',
  from: ['SCHEDULED', 'PAUSED'],
  to: ['CANCELLING'],
  before(transition) {
    const { current, run } = transition
    if (current === null) return
    const isUnstarted = current.type === 'SCHEDULED' && !run.infrastructure_pid
    const isSuspended = current.type === 'PAUSED' && current.state_details.pause_reschedule === true
    if (isUnstarted || isSuspended || current.name === 'Resuming') {
      transition.reject(
        transition.replacement('CANCELLED'),
        'The run has no infrastructure that would have to be stopped.',
      )
    }
  },
})
