import { filterConcurrencyLimits as route } from '@reeve/schemas/routes/concurrency-limits'
import { readTagLimits } from '../../models/tag-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireTagLimit } from '../wire/concurrency-limit.ts'

export const filterConcurrencyLimits = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const page = { limit, offset: body.offset }
  const limits = await context.database.read((session) => readTagLimits(session, page, context))
  return ok(limits.map(wireTagLimit))
})
