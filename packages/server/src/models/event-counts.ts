import type { TimeUnit } from '@reeve/schemas/event'
import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import { sql } from 'kysely'
import { memberText } from '../database/json-member.ts'
import type { Session } from '../database/session.ts'
import { cutBuckets } from './event-buckets.ts'
import type { EventQuery } from './event-query.ts'
import { eventMatches } from './filters/event-filter.ts'

export interface EventCountRow {
  /** What was counted: a name, a resource's id, or a bucket's number. */
  counted_value: string
  label: string
  count: number
  start_time: Timestamp
  end_time: Timestamp
}

/** How many events of each name, the most frequent first. */
export function countEventsByName(session: Session, query: EventQuery): Promise<EventCountRow[]> {
  return session.all(
    session.build
      .selectFrom('event')
      .select(({ fn }) => [
        sql<string>`event.event`.as('counted_value'),
        sql<string>`event.event`.as('label'),
        fn.countAll<number>().as('count'),
        fn.min('event.occurred').as('start_time'),
        fn.max('event.occurred').as('end_time'),
      ])
      .where(eventMatches(session, query))
      .groupBy('event.event')
      .orderBy('count', 'desc')
      .orderBy(sql`event.event`),
  )
}

/** How many events of each primary resource, under the name that the newest of them gives it. */
export function countEventsByResource(session: Session, query: EventQuery): Promise<EventCountRow[]> {
  const groups = session.build
    .selectFrom('event')
    .select(({ fn }) => [
      sql<string>`event.resource_id`.as('counted_value'),
      fn.countAll<number>().as('count'),
      fn.min('event.occurred').as('start_time'),
      fn.max('event.occurred').as('end_time'),
    ])
    .where(eventMatches(session, query))
    .groupBy('event.resource_id')
  const named = (label: string) => memberText(session, sql.ref('newest.resource'), label)
  const name = sql<string>`coalesce(${named('prefect.resource.name')}, ${named('prefect.name')}, newest.resource_id)`
  const newest = sql<string>`(select ${name} from event as newest where newest.resource_id = counted.counted_value and newest.occurred = counted.end_time order by newest.id desc limit 1)`
  return session.all(
    session.build
      .selectFrom(groups.as('counted'))
      .select(['counted_value', newest.as('label'), 'count', 'start_time', 'end_time'])
      .orderBy('count', 'desc')
      .orderBy('label'),
  )
}

/** How many events in each bucket of time, the empty ones included. */
export async function countEventsByTime(
  session: Session,
  query: EventQuery,
  grid: { unit: TimeUnit; width: number; now: Timestamp },
): Promise<EventCountRow[]> {
  const { first, width, count } = cutBuckets(query.occurred, grid)
  const bucket = sql<number>`(event.occurred - cast(${first} as bigint)) / cast(${width} as bigint)`
  const rows = await session.all(
    session.build
      .selectFrom('event')
      .select(({ fn }) => [bucket.as('bucket'), fn.countAll<number>().as('count')])
      .where(eventMatches(session, query))
      .groupBy(sql.lit(1)),
  )
  const counts = new Map(rows.map((row) => [row.bucket, row.count]))
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * width
    return {
      counted_value: String(index),
      label: formatTimestamp(start).replace('Z', '+00:00'),
      count: counts.get(index) ?? 0,
      start_time: start,
      end_time: start + width - 1,
    }
  })
}
