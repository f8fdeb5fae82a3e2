import { isTerminal } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { instantOf } from '../after-seconds.ts'
import { flowRule } from '../rule.ts'
import type { Client } from '../types.ts'
import { ANY } from '../state-sets.ts'

/** Where a paused run may go, and what becomes of one that nobody resumed in time. */
export const handleResuming = flowRule({
  name: 'handle-resuming',
  from: ['PAUSED'],
  to: ANY,
  before(transition, proposed) {
    const { current, facts, run } = transition
    if (current === null) return
    const { pause_reschedule, pause_timeout } = current.state_details
    if (!mayLeavePause(proposed.type, facts.client)) {
      return transition.keep(`A paused run cannot become ${proposed.type}.`)
    }
    if (pause_reschedule && run.deployment_id === null) {
      return transition.keep('A suspended run without a deployment cannot be scheduled again.')
    }
    // The process of a blocking pause is alive, and must hear of its cancellation at any time.
    if (proposed.type === 'CANCELLING') return
    const deadline = instantOf(pause_timeout)
    if (deadline !== null && deadline < facts.now) {
      const message = 'The run was paused and nobody resumed it in time.'
      transition.reject(transition.replacement('FAILED', { message }), message)
    }
  },
  after({ run }) {
    run.empirical_policy = { ...run.empirical_policy, resuming: true }
  },
})

function mayLeavePause(to: StateType, { generation }: Client): boolean {
  return (
    to === 'RUNNING' || to === 'SCHEDULED' || isTerminal(to) || (to === 'CANCELLING' && generation === '3.8')
  )
}
