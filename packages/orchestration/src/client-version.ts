import type { Client } from './types.ts'

type Numbers = readonly [number, number, number]

/** Clients before 3.4.11, and unknown ones, never renew the lease of a deployment's slot. */
export function renewsLeases({ version }: Client): boolean {
  if (version === undefined) return false
  const [major, minor, patch, suffix] = version
  const order = compare([major, minor, patch], [3, 4, 11])
  return order > 0 || (order === 0 && !isPreRelease(suffix))
}

/** Workers from 3.0.0rc20 to 3.0.3 take the slots of deployments themselves. */
export function takesOwnDeploymentSlots({ version }: Client): boolean {
  if (version === undefined) return false
  const [major, minor, patch, suffix] = version
  if (major !== 3 || minor !== 0) return false
  return suffix === '' ? patch <= 3 : patch === 0 && suffix === 'rc20'
}

/** Pausing and its bookkeeping came with version 0.8.4 of the API; without a header, the latest. */
export function knowsPausing({ api_version: version }: Client): boolean {
  return version === undefined || compare(version, [0, 8, 4]) >= 0
}

/** Before version 0.8.3 of the API, a retry of a flow had to reset its failed task runs. */
export function needsFailedTasksReset({ api_version: version }: Client): boolean {
  return version !== undefined && compare(version, [0, 8, 3]) < 0
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

function isPreRelease(suffix: string): boolean {
  return /^[.-]?(a|b|rc|c|dev|alpha|beta|pre)/i.test(suffix)
}
