import { flowRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** Only a running flow can pause, once for each pause in its code. */
export const handlePausing = flowRule({
  name: 'handle-pausing',
  from: ANY,
  to: ['PAUSED'],
  before(transition, proposed) {
    const { current, facts, run } = transition
    const { pause_key, pause_reschedule } = proposed.state_details
    const verb = proposed.name === 'Suspended' ? 'suspend' : 'pause'
    if (current === null) return transition.abort(`A run without a state cannot ${verb}.`)
    if (current.type !== 'RUNNING') return transition.keep(`Only a running flow can ${verb}.`)
    if (run.empirical_policy.pause_keys.includes(pause_key ?? facts.pause_key)) {
      return transition.keep(`The run has made this ${verb} already.`)
    }
    if (!pause_reschedule) return
    if (run.parent_task_run_id !== null) return transition.abort(`A subflow cannot ${verb}.`)
    if (run.deployment_id === null) return transition.abort(`A run without a deployment cannot ${verb}.`)
  },
  after({ facts, run }, written) {
    const { empirical_policy: policy } = run
    const key = written?.state_details.pause_key ?? facts.pause_key
    run.empirical_policy = { ...policy, pause_keys: [...policy.pause_keys, key] }
  },
})
