import { countFlows as route } from '@reeve/schemas/routes/flows'
import { countFlows as count } from '../../models/flows.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countFlows = endpoint(route, async ({ context, client, body }) =>
  ok(await context.database.scan((session) => count(session, runFilters(body, client)))),
)
