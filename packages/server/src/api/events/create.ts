import { createEvents as route } from '@reeve/schemas/routes/events'
import { eventRow } from '../../models/events.ts'
import { storeEvents } from '../../models/store-events.ts'
import { isOversize } from '../../models/wire-event.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const createEvents = endpoint(route, async ({ context, body, rawBody, now }) => {
  const limit = context.settings.event_max_bytes
  const events = body.map((event) => eventRow(event, now))
  const [oversize, accepted] = partition(events, (event) => isOversize(event, rawBody.length, limit))
  for (const { id, event } of oversize)
    context.logger.warn({ event_id: id, event }, 'an event larger than allowed was dropped')
  const { malformed } = await context.database.write((session) => storeEvents(session, accepted, context))
  for (const { event, reason } of malformed)
    context.logger.error(
      { event_id: event.id, reason },
      'an event tells of a task run but cannot be recorded',
    )
  return noContent()
})

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = []
  const no: T[] = []
  for (const item of items) (holds(item) ? yes : no).push(item)
  return [yes, no]
}
