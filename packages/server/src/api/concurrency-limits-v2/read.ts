import { readConcurrencyLimitV2 as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { readConcurrencyLimit } from '../../models/concurrency-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireGlobalLimit } from '../wire/concurrency-limit.ts'
import { limitKey } from './limit-key.ts'
import { limitNotFound } from './not-found.ts'

export const readConcurrencyLimitV2 = endpoint(route, async ({ context, params }) => {
  const limit = await context.database.read((session) =>
    readConcurrencyLimit(session, limitKey(params.id_or_name), context),
  )
  return limit ? ok(wireGlobalLimit(limit)) : limitNotFound()
})
