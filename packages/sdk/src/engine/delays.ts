/** Seconds before a retry: for every one, one for each (the last repeats), or by the number of the retry (1, 2 …). */
export type RetryDelay = number | readonly number[] | ((retry: number) => number)

/** The server keeps at most so many delays; the last one stands for all that follow. */
const MAX_DELAYS = 50

/**
 * Delays that double: `base`, 2·base, 4·base … seconds, never above `max`.
 * @example task(fetchPage, { retries: 4, retryDelaySeconds: exponentialBackoff(1, { max: 30 }) })
 */
export function exponentialBackoff(
  base: number,
  { factor = 2, max = 86_400 } = {},
): (retry: number) => number {
  return (retry) => Math.min(max, base * factor ** (retry - 1))
}

/** The delays in the form that the server takes. Throws on negative or endless ones. */
export function wireDelays(delay: RetryDelay | undefined, retries: number): number | number[] | null {
  if (delay === undefined || retries === 0) return null
  if (typeof delay === 'number') return checked(delay)
  const list =
    typeof delay === 'function' ? Array.from({ length: retries }, (_, i) => delay(i + 1)) : [...delay]
  return list.slice(0, MAX_DELAYS).map(checked)
}

/** Flow runs have one delay only, in whole seconds. */
export function wireFlowDelay(delay: number | undefined): number | null {
  return delay === undefined ? null : Math.ceil(checked(delay))
}

function checked(seconds: number): number {
  if (Number.isFinite(seconds) && seconds >= 0) return seconds
  throw new RangeError(`A retry delay must be a number of seconds, zero or more; got ${seconds}`)
}
