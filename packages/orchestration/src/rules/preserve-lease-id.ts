import { flowTransform } from '../rule.ts'

/** Workers send no lease id (they send null); the one of the present state goes with the run. */
export const preserveLeaseId = flowTransform({
  name: 'preserve-lease-id',
  before({ current }, proposed) {
    const leaseId = current?.state_details.deployment_concurrency_lease_id ?? null
    if (leaseId !== null) proposed.state_details.deployment_concurrency_lease_id ??= leaseId
  },
})
