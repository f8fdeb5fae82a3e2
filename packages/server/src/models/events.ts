import type { Event } from '@reeve/schemas/event'
import type { Timestamp } from '@reeve/schemas/time'
import { sql } from 'kysely'
import type { ExpressionBuilder } from 'kysely'
import { insertRows } from '../database/bulk.ts'
import { deleteRows } from '../database/delete-rows.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row, Tables } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import type { EventQuery } from './event-query.ts'
import type { Condition } from './filters/condition.ts'
import { eventMatches } from './filters/event-filter.ts'

export type EventRow = Row<'event'>

/** The labels of a related resource: its id, its role and what else its witness told. */
export type Labels = { [label: string]: string }

export function relatedOf(event: Pick<EventRow, 'related'>): Labels[] {
  return event.related as Labels[]
}

/** The row of an event that was received just now. */
export function eventRow(event: Event, received: Timestamp): EventRow {
  const { id, occurred, resource, related, payload, follows } = event
  const resource_id = resource['prefect.resource.id']
  return { id, occurred, received, event: event.event, resource_id, resource, related, payload, follows }
}

/** Stores the events that are not stored yet and returns them, in the order given. */
export async function insertEvents(session: Session, events: readonly EventRow[]): Promise<EventRow[]> {
  const inserted = await insertRows(session, 'event', events, 'ignore')
  const stored: EventRow[] = []
  for (const event of events) if (inserted.delete(event.id)) stored.push(event)
  await insertRows(session, 'event_resource', stored.flatMap(resourceRows), 'ignore')
  return stored
}

/** Stores events that cannot be there yet. Every statement is sent at once, which lets it be put off. */
export function insertNewEvents(session: Session, events: readonly EventRow[]): Promise<unknown> {
  return Promise.all([
    insertRows(session, 'event', events),
    insertRows(session, 'event_resource', events.flatMap(resourceRows)),
  ])
}

type Related = Pick<EventRow, 'id' | 'occurred' | 'related'>

function resourceRows(event: Related): Row<'event_resource'>[] {
  const { id: event_id, occurred } = event
  const ids = new Set(relatedOf(event).map((resource) => resource['prefect.resource.id'] as string))
  return [...ids].map((resource_id) => ({ resource_id, occurred, event_id }))
}

export interface EventPageQuery {
  query: EventQuery
  limit: number
  offset?: number
  /** Only events that had been received by then. */
  receivedBy?: Timestamp
  /** Only events that come later than this one; the query's order must be `ASC`. */
  after?: Place
}

type Place = Pick<EventRow, 'id' | 'occurred'>

function isAfter({ eb, or, and }: ExpressionBuilder<Tables, 'event'>, { id, occurred }: Place) {
  const later = eb('event.occurred', '>', occurred)
  return or([later, and([eb('event.occurred', '=', occurred), eb('event.id', '>', id)])])
}

/** The events that match, by the time at which they occurred; those of one instant by id. */
export function readEvents(
  session: Session,
  { query, limit, offset = 0, receivedBy, after }: EventPageQuery,
): Promise<EventRow[]> {
  const direction = query.order === 'ASC' ? 'asc' : 'desc'
  const ids = query.id?.id?.length
  const most = ids ? Math.min(limit, ids) : limit
  return session.all(
    session.build
      .selectFrom('event')
      .selectAll('event')
      .where(selected(session, query))
      .$if(receivedBy !== undefined, (rows) => rows.where('event.received', '<=', receivedBy as number))
      .$if(after !== undefined, (rows) => rows.where((eb) => isAfter(eb, after as Place)))
      .orderBy('event.occurred', direction)
      .orderBy('event.id', direction)
      .limit(most)
      .offset(offset),
  )
}

export function countEvents(session: Session, query: EventQuery): Promise<number> {
  return countRows(session, 'event', selected(session, query))
}

/** With `distinct`, of each primary resource only the event that comes first in the order. */
function selected(session: Session, query: EventQuery): Condition {
  const matches = eventMatches(session, query)
  if (!query.resource?.distinct) return matches
  const order = query.order === 'ASC' ? sql`occurred asc, id asc` : sql`occurred desc, id desc`
  const ranked = sql`select id, row_number() over (partition by resource_id order by ${order}) as place from event where ${matches}`
  return sql`event.id in (select ranked.id from (${ranked}) as ranked where ranked.place = 1)`
}

export interface EventsBefore {
  occurred: Timestamp
  /** Only events of this name. */
  name?: string
  limit: number
}

/** Deletes some of the events that occurred before an instant, the oldest first; returns how many. */
export async function deleteEventsBefore(
  session: Session,
  { occurred, name, limit }: EventsBefore,
): Promise<number> {
  let old = session.build
    .selectFrom('event')
    .select(['id', 'occurred', 'related'])
    .where('occurred', '<', occurred)
  if (name !== undefined) old = old.where('event', '=', name)
  const events = await session.all(old.orderBy('occurred').limit(limit))
  await deleteRows(
    session,
    'event_resource',
    ['resource_id', 'occurred', 'event_id'],
    events.flatMap((event) => resourceRows(event)),
  )
  await deleteRows(session, 'event', ['id'], events)
  return events.length
}

const readByIds = prepared<EventRow>((session) =>
  session.build
    .selectFrom('event')
    .selectAll()
    .where(inList(session, 'event.id', []))
    .orderBy('occurred')
    .orderBy('id'),
)

/** The events with these ids, in order of time. */
export function readEventsById(session: Session, ids: readonly string[]): Promise<EventRow[]> {
  return readByIds(session, [listParameter(session, ids)])
}
