import { flowRunLateness as route } from '@reeve/schemas/routes/flow-runs'
import { averageLateness } from '../../models/lateness.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const flowRunLateness = endpoint(route, async ({ context, client, now, body }) =>
  ok(await context.database.scan((session) => averageLateness(session, runFilters(body, client), now))),
)
