import { countFlowRuns as route } from '@reeve/schemas/routes/flow-runs'
import { countFlowRuns as count } from '../../models/flow-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countFlowRuns = endpoint(route, async ({ context, client, body }) =>
  ok(await context.database.scan((session) => count(session, runFilters(body, client)))),
)
