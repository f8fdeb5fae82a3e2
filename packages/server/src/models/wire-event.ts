import { formatTimestamp } from '@reeve/schemas/time'
import type { EventRow } from './events.ts'

/** An event as the contract prints it, keys in the contract's order. */
export function wireEvent(event: EventRow) {
  return {
    occurred: formatTimestamp(event.occurred),
    event: event.event,
    resource: event.resource,
    related: event.related,
    payload: event.payload,
    id: event.id,
    follows: event.follows,
    received: formatTimestamp(event.received),
  }
}

/** What the printed form may add to a text of the event: defaults, and the time of receipt. */
const ADDED_BYTES = 200

/** Whether the event, printed, takes more bytes than `limit`; `textLength` is what it took when it came. */
export function isOversize(event: EventRow, textLength: number, limit: number): boolean {
  // Printing takes time, so it is done only for texts that could come near the limit.
  if (textLength * 3 + ADDED_BYTES < limit) return false
  return Buffer.byteLength(JSON.stringify(wireEvent(event))) > limit
}
