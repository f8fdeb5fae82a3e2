import { filterFlows as route } from '@reeve/schemas/routes/flows'
import { readFlows } from '../../models/flows.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { runFilters } from '../run-filters.ts'
import { wireFlow } from '../wire/flow.ts'

export const filterFlows = endpoint(route, async ({ context, client, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { offset, sort } = body
  const query = { ...runFilters(body, client), limit, offset, sort }
  const flows = await context.database.scan((session) => readFlows(session, query))
  return ok(flows.map(wireFlow))
})
