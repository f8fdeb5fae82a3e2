import { filterConcurrencyLimitsV2 as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { readConcurrencyLimits } from '../../models/concurrency-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireGlobalLimit } from '../wire/concurrency-limit.ts'

export const filterConcurrencyLimitsV2 = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const page = { limit, offset: body.offset }
  const limits = await context.database.read((session) => readConcurrencyLimits(session, page, context))
  return ok(limits.map(wireGlobalLimit))
})
