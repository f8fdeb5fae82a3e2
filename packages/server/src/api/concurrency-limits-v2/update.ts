import { updateConcurrencyLimitV2 as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { updateConcurrencyLimit } from '../../models/concurrency-limits.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { limitKey } from './limit-key.ts'
import { limitNotFound } from './not-found.ts'

export const updateConcurrencyLimitV2 = endpoint(route, async ({ context, params, body }) => {
  const found = await context.database.write((session) =>
    updateConcurrencyLimit(session, limitKey(params.id_or_name), body, context),
  )
  return found ? noContent() : limitNotFound()
})
