import { clampedPoisson } from './clamped-poisson.ts'
import type { TaskRunPolicy } from './types.ts'

/**
 * Seconds until the next attempt. A list gives the delay after each attempt, its last element all
 * further ones. `attempts` counts those made, the failed one among them; `uniform` is in [0, 1).
 */
export function taskRetryDelay(policy: TaskRunPolicy, attempts: number, uniform: number): number {
  const { retry_delay: delay, retry_jitter_factor: factor } = policy
  const index = Array.isArray(delay) ? Math.max(0, Math.min(attempts, delay.length) - 1) : 0
  const base = (Array.isArray(delay) ? delay[index] : delay) ?? 0
  return factor && base > 0 ? clampedPoisson(base, uniform, factor) : base
}
