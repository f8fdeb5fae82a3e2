import { countEvents as route } from '@reeve/schemas/routes/events'
import { formatTimestamp } from '@reeve/schemas/time'
import { bucketComplaint, bucketWidth } from '../../models/event-buckets.ts'
import { countEventsByName, countEventsByResource, countEventsByTime } from '../../models/event-counts.ts'
import type { EventCountRow } from '../../models/event-counts.ts'
import { eventQuery } from '../../models/event-query.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const countEvents = endpoint(route, async ({ context, params, body, now }) => {
  const { time_unit: unit, time_interval: interval } = body
  const query = eventQuery(body.filter, now)
  const width = bucketWidth(unit, interval)
  const complaint = bucketComplaint(query.occurred.since, query.occurred.until, width)
  if (complaint) return refuse(422, complaint)
  const counts = await context.database.scan((session) => {
    switch (params.countable) {
      case 'event':
        return countEventsByName(session, query)
      case 'resource':
        return countEventsByResource(session, query)
      case 'time':
        return countEventsByTime(session, query, { unit, width, now })
      case 'day':
        return countEventsByTime(session, query, { unit: 'day', width: bucketWidth('day', 1), now })
    }
  })
  return ok(counts.map(wireCount))
})

function wireCount({ counted_value, label, count, start_time, end_time }: EventCountRow) {
  return {
    value: counted_value,
    label,
    count,
    start_time: formatTimestamp(start_time),
    end_time: formatTimestamp(end_time),
  }
}
