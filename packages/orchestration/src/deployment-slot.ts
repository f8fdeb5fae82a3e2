import type { FlowFacts, Limit } from './types.ts'

/** An inactive limit gives no slots. */
export function isFree(limit: Limit): boolean {
  return limit.active && limit.active_slots + 1 <= limit.limit
}

/** Seconds that a run which has not yet started may hold a slot of its deployment. */
export function deploymentLeaseSeconds({ deployment, settings }: FlowFacts): number {
  return deployment?.grace_period_seconds ?? settings.initial_deployment_lease_seconds
}
