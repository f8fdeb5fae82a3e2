import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** A task can only run while its flow runs; while the flow is paused, the task pauses too. */
export const preventTasksOfStoppedFlows = taskRule({
  name: 'prevent-tasks-of-stopped-flows',
  from: ANY,
  to: ['RUNNING'],
  before(transition) {
    const { parent } = transition.facts
    if (parent === undefined || parent.state?.type === 'RUNNING') return
    if (parent.state?.type !== 'PAUSED') {
      return transition.abort('The flow run of the task is not running.')
    }
    const { pause_timeout = null, pause_reschedule = false } = parent.state.state_details
    const paused = transition.replacement('PAUSED', {
      name: 'NotReady',
      state_details: { pause_timeout, pause_reschedule },
    })
    transition.reject(paused, 'The flow run is paused; its tasks can run when it is resumed.')
  },
})
