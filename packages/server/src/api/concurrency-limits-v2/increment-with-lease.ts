import { incrementConcurrencyLimitsWithLease as route } from '@reeve/schemas/routes/concurrency-limits-v2'
import { incrementSlots } from '../../models/slots.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { preferredWait } from '../preferred-wait.ts'
import { wireMinimalLimit } from '../wire/concurrency-limit.ts'
import { slotsRefused } from './slots-refused.ts'

export const incrementConcurrencyLimitsWithLease = endpoint(
  route,
  async ({ context, body, headers, onGone }) => {
    const { names, slots, mode, lease_duration: seconds, holder = null } = body
    const request = { names, slots, mode, lease: { seconds, holder } }
    const wait = preferredWait(headers)
    const answer = wait
      ? await context.slotLines.ask({ request, ...wait, onGone })
      : await context.database.write((session) => incrementSlots(session, request, context))
    if (answer.outcome !== 'taken') return slotsRefused(answer)
    return ok({ lease_id: answer.lease_id, limits: answer.limits.map(wireMinimalLimit) })
  },
)
