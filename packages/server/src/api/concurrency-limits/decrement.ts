import { decrementConcurrencyLimitsByTag as route } from '@reeve/schemas/routes/concurrency-limits'
import { releaseTagSlots } from '../../models/leases.ts'
import { readTagLimits } from '../../models/rule-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireMinimalLimit } from '../wire/concurrency-limit.ts'

export const decrementConcurrencyLimitsByTag = endpoint(route, async ({ context, body }) => {
  const limits = await context.database.write(async (session) => {
    await releaseTagSlots(session, body.task_run_id, context)
    return readTagLimits(session, body.names, {}, context)
  })
  return ok(limits.map(wireMinimalLimit))
})
