import { deleteConcurrencyLimitV2 as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { deleteConcurrencyLimit } from '../../models/concurrency-limits.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { limitKey } from './limit-key.ts'
import { limitNotFound } from './not-found.ts'

export const deleteConcurrencyLimitV2 = endpoint(route, async ({ context, params }) => {
  const found = await context.database.write((session) =>
    deleteConcurrencyLimit(session, limitKey(params.id_or_name), context),
  )
  return found ? noContent() : limitNotFound()
})
