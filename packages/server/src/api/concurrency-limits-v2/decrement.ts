import { decrementConcurrencyLimits as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { decrementSlots } from '../../models/slots.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireMinimalLimit } from '../wire/concurrency-limit.ts'

export const decrementConcurrencyLimits = endpoint(route, async ({ context, body }) => {
  const { names, slots, occupancy_seconds: occupancySeconds } = body
  const limits = await context.database.write((session) =>
    decrementSlots(session, { names, slots, occupancySeconds }, context),
  )
  return ok(limits.map(wireMinimalLimit))
})
