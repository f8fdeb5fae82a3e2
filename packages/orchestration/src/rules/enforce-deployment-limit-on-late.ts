import { flowRule } from '../rule.ts'

/** A late run of a full deployment that cancels new runs is cancelled, rather than left to pile up. */
export const enforceDeploymentLimitOnLate = flowRule({
  name: 'enforce-deployment-limit-on-late',
  from: ['SCHEDULED'],
  to: ['SCHEDULED'],
  before(transition, proposed) {
    const { deployment } = transition.facts
    if (proposed.name !== 'Late' || !deployment?.limit) return
    const { limit, collision_strategy } = deployment
    if (collision_strategy === 'CANCEL_NEW' && limit.active_slots >= limit.limit) {
      const message = 'The concurrency limit of the deployment is reached.'
      transition.reject(transition.replacement('CANCELLED', { message }), message)
    }
  },
})
