import { renewsLeases } from '../client-version.ts'
import { flowRule } from '../rule.ts'
import { UNENDING_LEASE_SECONDS } from '../unending-lease.ts'

/** A client that cannot renew its lease keeps the slot until its run ends. */
export const keepLeaseOfOldClients = flowRule({
  name: 'keep-lease-of-old-clients',
  from: ['PENDING'],
  to: ['RUNNING', 'CANCELLING'],
  after({ current, facts, effects }) {
    const leaseId = current?.state_details.deployment_concurrency_lease_id ?? null
    if (leaseId === null || renewsLeases(facts.client)) return
    effects.push({ type: 'renew-lease', lease_id: leaseId, ttl_seconds: UNENDING_LEASE_SECONDS })
  },
})
