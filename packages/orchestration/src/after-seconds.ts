import { formatTimestamp, parseTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'

const MICROSECONDS = 1_000_000
const LAST = 253_402_300_799 * MICROSECONDS

/** The instant `seconds` after `now`, as text for a state's details; at most the end of the year 9999. */
export function afterSeconds(now: Timestamp, seconds: number): string {
  const instant = now + Math.round((seconds || 0) * MICROSECONDS)
  return formatTimestamp(Math.max(-LAST, Math.min(LAST, instant)))
}

/** The instant that a detail names; null when it is missing or no instant. */
export function instantOf(text: string | null | undefined): Timestamp | null {
  return text ? (parseTimestamp(text) ?? null) : null
}
