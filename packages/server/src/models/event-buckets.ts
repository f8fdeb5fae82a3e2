import type { TimeUnit } from '@reeve/schemas/event'
import type { Timestamp } from '@reeve/schemas/time'

/** A bucket of time: its first instant and its width. */
export interface Buckets {
  first: Timestamp
  width: number
  count: number
}

const SECOND = 1_000_000
const UNITS: { readonly [unit in TimeUnit]: number } = {
  week: 7 * 24 * 3600 * SECOND,
  day: 24 * 3600 * SECOND,
  hour: 3600 * SECOND,
  minute: 60 * SECOND,
  second: SECOND,
}
/** 2024-04-01T00:00:00Z, a Monday: every bucket is a whole number of widths away from it. */
const PIVOT = 1_711_929_600 * SECOND
const MOST_BUCKETS = 1000

export function bucketWidth(unit: TimeUnit, interval: number): number {
  return Math.round(UNITS[unit] * interval)
}

/** Why a span cannot be cut into buckets so small; undefined when it can. */
export function bucketComplaint(since: Timestamp, until: Timestamp, width: number): string | undefined {
  const count = Math.ceil((until - since) / width)
  return count > MOST_BUCKETS
    ? `The interval would cut the time range into ${count} buckets, more than ${MOST_BUCKETS}: choose a longer interval or a shorter time range.`
    : undefined
}

/** The buckets from the one that holds `since` to the one that holds `until`, or the end of the present unit. */
export function cutBuckets(
  { since, until }: { since: Timestamp; until: Timestamp },
  { unit, width, now }: { unit: TimeUnit; width: number; now: Timestamp },
): Buckets {
  const size = UNITS[unit]
  const endOfUnit = PIVOT + (Math.floor((now - PIVOT) / size) + 1) * size - 1
  const last = until > now ? Math.min(until, endOfUnit) : until
  const first = PIVOT + Math.floor((since - PIVOT) / width) * width
  return { first, width, count: Math.max(0, Math.ceil((last - first) / width)) }
}
