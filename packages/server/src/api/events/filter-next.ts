import { filterNextEvents as route } from '@reeve/schemas/routes/events'
import { readNextPage } from '../../models/event-pages.ts'
import { refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageAnswer } from './page-answer.ts'

export const filterNextEvents = endpoint(route, async ({ context, query, headers, now }) => {
  const token = query['page-token']
  const page = await context.database.scan((session) => readNextPage(session, token, now))
  return page ? pageAnswer(page, headers) : refuse(403, 'Forbidden')
})
