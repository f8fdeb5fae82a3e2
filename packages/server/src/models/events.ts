import type { Event } from '@reeve/schemas/event'
import type { Timestamp } from '@reeve/schemas/time'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

export type EventRow = Row<'event'>

/** The labels of a related resource: its id, its role and what else its witness told. */
export type Labels = { [label: string]: string }

export function relatedOf(event: EventRow): Labels[] {
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

function resourceRows(event: EventRow): Row<'event_resource'>[] {
  const { id: event_id, occurred } = event
  const ids = new Set(relatedOf(event).map((resource) => resource['prefect.resource.id'] as string))
  return [...ids].map((resource_id) => ({ resource_id, occurred, event_id }))
}
