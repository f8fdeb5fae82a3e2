import { afterSeconds } from '../after-seconds.ts'
import { takesOwnDeploymentSlots } from '../client-version.ts'
import { deploymentLeaseSeconds, isFree } from '../deployment-slot.ts'
import { flowRule } from '../rule.ts'
import { anyExcept } from '../state-sets.ts'

const FULL = 'The concurrency limit of the deployment is reached.'

/** A slot of the deployment is taken before a worker brings infrastructure up. */
export const secureDeploymentSlot = flowRule({
  name: 'secure-deployment-slot',
  from: anyExcept('PENDING', 'RUNNING', 'CANCELLING'),
  to: ['PENDING'],
  before(transition, proposed) {
    const { facts, run } = transition
    const { deployment, settings, client } = facts
    if (run.deployment_id === null || deployment === undefined || takesOwnDeploymentSlots(client)) return
    if (deployment === null) return transition.abort('The deployment of the run does not exist.')
    const { limit } = deployment
    if (limit === null) return
    if (limit.limit === 0)
      return transition.abort('The deployment allows 0 runs: this one would never start.')

    const leaseId = proposed.state_details.deployment_concurrency_lease_id ?? null
    if (leaseId !== null && facts.lease_is_live) {
      // The slot of an in-process retry, whose process another one now takes the place of.
      transition.effects.push({
        type: 'renew-lease',
        lease_id: leaseId,
        ttl_seconds: deploymentLeaseSeconds(facts),
      })
    } else if (isFree(limit)) {
      proposed.state_details.deployment_concurrency_lease_id = facts.lease_id
      transition.effects.push({
        type: 'take-slots',
        limit_ids: [limit.id],
        lease_id: facts.lease_id,
        ttl_seconds: deploymentLeaseSeconds(facts),
        holder: null,
      })
    } else if (deployment.collision_strategy === 'CANCEL_NEW') {
      transition.reject(transition.replacement('CANCELLED', { message: FULL }), FULL)
    } else {
      const scheduled_time = afterSeconds(facts.now, settings.deployment_concurrency_slot_wait_seconds)
      const state_details = { scheduled_time }
      const later = transition.replacement('SCHEDULED', { name: 'AwaitingConcurrencySlot', state_details })
      transition.reject(later, FULL)
    }
  },
  cleanup(transition) {
    transition.dropTakenSlots()
    if (transition.proposed) transition.proposed.state_details.deployment_concurrency_lease_id = null
  },
})
