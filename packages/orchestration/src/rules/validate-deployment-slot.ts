import { renewsLeases } from '../client-version.ts'
import { deploymentLeaseSeconds, isFree } from '../deployment-slot.ts'
import { flowRule } from '../rule.ts'

/** While infrastructure came up, the lease may have run out and the slot may have gone to another run. */
export const validateDeploymentSlot = flowRule({
  name: 'validate-deployment-slot',
  from: ['PENDING'],
  to: ['RUNNING'],
  before(transition, proposed) {
    const { current, facts, run } = transition
    const leaseId = current?.state_details.deployment_concurrency_lease_id ?? null
    proposed.state_details.deployment_concurrency_lease_id = leaseId
    const limit = facts.deployment?.limit
    if (leaseId === null || !limit || run.deployment_id === null || !renewsLeases(facts.client)) return

    const seconds = deploymentLeaseSeconds(facts)
    if (facts.lease_is_live) {
      transition.effects.push({ type: 'renew-lease', lease_id: leaseId, ttl_seconds: seconds })
    } else if (isFree(limit)) {
      proposed.state_details.deployment_concurrency_lease_id = facts.lease_id
      transition.effects.push({
        type: 'take-slots',
        limit_ids: [limit.id],
        lease_id: facts.lease_id,
        ttl_seconds: seconds,
        holder: { type: 'flow_run', id: run.id },
      })
    } else {
      const message = 'The slot of the deployment was lost while infrastructure came up, and none is free.'
      transition.reject(transition.replacement('CANCELLED', { message }), message)
    }
  },
  cleanup(transition) {
    transition.dropTakenSlots()
  },
})
