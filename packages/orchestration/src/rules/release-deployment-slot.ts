import type { StateType } from '@reeve/schemas/state-type'
import { flowTransform } from '../rule.ts'

const HOLDERS: ReadonlySet<StateType> = new Set(['PENDING', 'RUNNING', 'CANCELLING'])

/**
 * Gives the slot of the deployment back when the run no longer needs it. A run without a lease took
 * no slot; a lease that is gone was reaped, and its slot with it: in both cases none is given back.
 */
export const releaseDeploymentSlot = flowTransform({
  name: 'release-deployment-slot',
  after({ current, facts, run, status, effects }, written) {
    const leaseId = current?.state_details.deployment_concurrency_lease_id ?? null
    if (current === null || leaseId === null || run.deployment_id === null) return
    if (HOLDERS.has(written.type) || !(HOLDERS.has(current.type) || facts.lease_is_live)) return
    // An in-process retry keeps its slot; an AwaitingRetry that the client proposes has left its process.
    if (status === 'REJECT' && written.name === 'AwaitingRetry') return
    effects.push({ type: 'release-lease', lease_id: leaseId })
  },
})
