import { decrementConcurrencyLimitsWithLease as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { releaseLease } from '../../models/leases.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const decrementConcurrencyLimitsWithLease = endpoint(route, async ({ context, body }) => {
  await context.database.write((session) => releaseLease(session, body.lease_id, context))
  return noContent()
})
