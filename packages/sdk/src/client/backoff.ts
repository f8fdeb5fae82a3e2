/** Statuses after which the same request may succeed. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 502, 503])

export function isRetryable(status: number): boolean {
  return RETRYABLE.has(status)
}

const BASE_MS = 250
const CAP_MS = 30_000

/**
 * Milliseconds before try number `attempt` (the first retry is 1): they double, and are never less than the
 * `Retry-After` of the server, in seconds or as a date. Up to a half is added so that clients spread out.
 */
export function retryDelayMs(
  attempt: number,
  retryAfter: string | null,
  random: number,
  nowMs: number,
): number {
  const asked = parseRetryAfterMs(retryAfter, nowMs) ?? 0
  // A server says 1 second while its database is away for 30: what is asked again only so often soon gives up.
  const base = Math.max(asked, Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1)))
  return base * (1 + 0.5 * random)
}

/** Milliseconds, from a header with seconds or a date. */
export function parseRetryAfterMs(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
