import type { EventRow } from '../../src/models/events.ts'
import { START } from './start.ts'

/** An event about a thing, at the time at which tests begin. */
export function eventRow(name: string, more: Partial<EventRow> = {}): EventRow {
  return {
    id: crypto.randomUUID(),
    occurred: START,
    received: START,
    event: name,
    resource_id: 'thing.1',
    resource: { 'prefect.resource.id': 'thing.1' },
    related: [],
    payload: {},
    follows: null,
    ...more,
  }
}
