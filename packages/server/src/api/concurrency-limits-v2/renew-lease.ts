import { renewConcurrencyLease as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { renewLease } from '../../models/leases.ts'
import { noContent, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const renewConcurrencyLease = endpoint(route, async ({ context, params, body }) => {
  const renewed = await context.database.write((session) =>
    renewLease(session, params.lease_id, body.lease_duration, context),
  )
  return renewed ? noContent() : refuse(410, 'Lease not found - it may have expired or been revoked')
})
