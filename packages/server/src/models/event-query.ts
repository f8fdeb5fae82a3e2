import type { EventFilter } from '@reeve/schemas/filters/event-filter'
import type { Timestamp } from '@reeve/schemas/time'

/** A filter whose span of time is settled. */
export interface EventQuery extends EventFilter {
  occurred: { since: Timestamp; until: Timestamp }
}

const DAY = 24 * 3600 * 1_000_000
const DEFAULT_DAYS = 180

/** Settles the span of time: by default from 180 days before today, UTC, until now. */
export function eventQuery(filter: EventFilter | undefined, now: Timestamp): EventQuery {
  const today = now - (now % DAY)
  const { since = today - DEFAULT_DAYS * DAY, until = now } = filter?.occurred ?? {}
  return { order: 'DESC', ...filter, occurred: { since, until } }
}
