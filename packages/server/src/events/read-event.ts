import { Event } from '@reeve/schemas/event'
import type { Context } from '../context.ts'
import { parseJsonBody } from '../json-body.ts'
import { eventRow } from '../models/events.ts'
import type { EventRow } from '../models/events.ts'
import { isOversize } from '../models/wire-event.ts'

/** Reads one frame of a sender; undefined, and a warning in the log, when it is no event or too large. */
export function readEvent(text: string, context: Context): EventRow | undefined {
  let body: unknown
  try {
    body = parseJsonBody(text)
  } catch (error) {
    context.logger.warn({ err: error }, 'a frame that is not JSON was skipped')
    return undefined
  }
  const parsed = Event.safeParse(body)
  if (!parsed.success) {
    context.logger.warn({ issues: parsed.error.issues }, 'a frame that is not an event was skipped')
    return undefined
  }
  const event = eventRow(parsed.data, context.clock.now())
  if (!isOversize(event, text.length, context.settings.event_max_bytes)) return event
  context.logger.warn({ event_id: event.id, event: event.event }, 'an event larger than allowed was dropped')
  return undefined
}
