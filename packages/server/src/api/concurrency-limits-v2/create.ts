import { createConcurrencyLimitV2 as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { createConcurrencyLimit } from '../../models/concurrency-limits.ts'
import { created } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireLimit } from '../wire/concurrency-limit.ts'

export const createConcurrencyLimitV2 = endpoint(route, async ({ context, body }) => {
  const limit = await context.database.write((session) => createConcurrencyLimit(session, body, context))
  return created(wireLimit(limit))
})
