import { filterEvents as route } from '@reeve/schemas/routes/events'
import { readFirstPage } from '../../models/event-pages.ts'
import { eventQuery } from '../../models/event-query.ts'
import { endpoint } from '../endpoint.ts'
import { pageAnswer } from './page-answer.ts'

export const filterEvents = endpoint(route, async ({ context, body, headers, now }) => {
  const query = eventQuery(body.filter, now)
  const page = await context.database.scan((session) => readFirstPage(session, query, body.limit, now))
  return pageAnswer(page, headers)
})
