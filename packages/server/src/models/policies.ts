import type { JsonObject } from '@reeve/schemas/json'

const ZERO_BY_DEFAULT = new Set(['max_retries', 'retry_delay_seconds'])

/** A run's policy without the keys that hold their defaults. */
export function compactPolicy(policy: object): JsonObject {
  const said = Object.entries(policy).filter(
    ([key, value]) =>
      value !== null &&
      value !== undefined &&
      value !== false &&
      !(value === 0 && ZERO_BY_DEFAULT.has(key)) &&
      !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(said)
}
