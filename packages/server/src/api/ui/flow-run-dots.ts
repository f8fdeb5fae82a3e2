import { flowRunDots as route } from '@reeve/schemas/routes/ui'
import { readFlowRunDots } from '../../models/dashboard.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'
import { estimatedRunTime, estimatedStartTimeDelta } from '../wire/estimates.ts'
import { wireTime } from '../wire/times.ts'

export const flowRunDots = endpoint(route, async ({ context, client, now, body }) => {
  const { limit, offset, sort } = body
  const query = { ...runFilters(body, client), limit: Math.max(0, limit), offset, sort }
  const dots = await context.database.scan((session) => readFlowRunDots(session, query))
  return ok(
    dots.map((dot) => ({
      id: dot.id,
      state_type: dot.state_type,
      timestamp: wireTime(dot.start_time ?? dot.expected_start_time),
      duration: estimatedRunTime(dot, now),
      lateness: estimatedStartTimeDelta(dot, now),
    })),
  )
})
