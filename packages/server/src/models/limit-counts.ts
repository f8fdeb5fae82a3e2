import type { Timestamp } from '@reeve/schemas/time'
import type { Row } from '../database/tables.ts'
import type { Settings } from '../settings.ts'

export type LimitRow = Row<'concurrency_limit'>

export const TAG_PREFIX = 'tag:'
export const DEPLOYMENT_PREFIX = 'deployment:'
const SHORTEST_OCCUPANCY_SECONDS = 0.1
const MICROSECONDS = 1_000_000
/** What products of decimal rates and times may miss a whole number by. */
const ROUNDING = 1e-9

/** The longest wait in seconds that anyone is told to make for a slot of this limit. */
export function longestWait(limit: Pick<LimitRow, 'name'>, settings: Settings): number {
  return limit.name.startsWith(TAG_PREFIX)
    ? settings.tag_concurrency_slot_wait_seconds
    : settings.maximum_concurrency_slot_wait_seconds
}

/**
 * The limit with its slots as they are at `now`: those that have decayed are taken off. The count goes on
 * from the last whole slot, so that frequent counting does not slow the decay down.
 */
export function countedAt(limit: LimitRow, now: Timestamp, settings: Settings): LimitRow {
  const decays = limit.slot_decay_per_second > 0
  const rate = decays ? limit.slot_decay_per_second : 1 / usualOccupancy(limit, settings)
  const seconds = Math.max(0, now - limit.counted) / MICROSECONDS
  const gone = Math.floor(rate * seconds + ROUNDING)
  const active_slots = decays ? Math.max(0, limit.active_slots - gone) : limit.active_slots
  const denied_slots = Math.max(0, limit.denied_slots - gone)
  const remaining = decays ? active_slots : denied_slots
  const counted =
    remaining > 0 ? Math.min(now, limit.counted + Math.round((gone / rate) * MICROSECONDS)) : now
  return { ...limit, active_slots, denied_slots, counted }
}

function usualOccupancy(limit: LimitRow, settings: Settings): number {
  const bounded = Math.min(limit.avg_slot_occupancy_seconds, longestWait(limit, settings))
  return Math.max(SHORTEST_OCCUPANCY_SECONDS, bounded)
}

/** The running average after slots were held for this long; it moves more slowly the more slots there are. */
function averageOccupancy(limit: LimitRow, slots: number, seconds: number): number {
  const each = Math.max(seconds / slots, SHORTEST_OCCUPANCY_SECONDS)
  const average = limit.avg_slot_occupancy_seconds
  return average + (each - average) / (2 * Math.max(1, limit.limit))
}

/**
 * About how many seconds until `slots` slots of one of these limits may be free, going by how many are
 * asked for by those who wait; before jitter. `limits` is not empty.
 */
export function expectedWait(limits: readonly LimitRow[], slots: number, settings: Settings): number {
  const wanted = (limit: LimitRow) => slots + limit.denied_slots
  const crowding = (limit: LimitRow) =>
    limit.slot_decay_per_second > 0 ? wanted(limit) : wanted(limit) / Math.max(1, limit.limit)
  const blocking = limits.reduce((a, b) => (crowding(b) > crowding(a) ? b : a))
  if (blocking.slot_decay_per_second > 0) return crowding(blocking) / blocking.slot_decay_per_second
  const longest = longestWait(blocking, settings)
  return Math.min(Math.min(blocking.avg_slot_occupancy_seconds, longest) * crowding(blocking), longest)
}

/** The limit with fewer slots taken; never fewer than none. */
export function withoutSlots(limit: LimitRow, slots: number, occupancySeconds: number | undefined): LimitRow {
  return {
    ...limit,
    active_slots: Math.max(0, limit.active_slots - slots),
    avg_slot_occupancy_seconds:
      occupancySeconds === undefined
        ? limit.avg_slot_occupancy_seconds
        : averageOccupancy(limit, slots, occupancySeconds),
  }
}
