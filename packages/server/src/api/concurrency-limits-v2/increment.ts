import { incrementConcurrencyLimits as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { incrementSlots } from '../../models/slots.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireMinimalLimit } from '../wire/concurrency-limit.ts'
import { slotsRefused } from './slots-refused.ts'

export const incrementConcurrencyLimits = endpoint(route, async ({ context, body }) => {
  const { names, slots, mode } = body
  const answer = await context.database.write((session) =>
    incrementSlots(session, { names, slots, mode }, context),
  )
  return answer.outcome === 'taken' ? ok(answer.limits.map(wireMinimalLimit)) : slotsRefused(answer)
})
