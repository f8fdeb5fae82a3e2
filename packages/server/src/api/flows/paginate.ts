import { paginateFlows as route } from '@reeve/schemas/routes/flows'
import { countFlows, readFlows } from '../../models/flows.ts'
import { endpoint } from '../endpoint.ts'
import { paginate } from '../paginate.ts'
import { runFilters } from '../run-filters.ts'
import { wireFlow } from '../wire/flow.ts'

export const paginateFlows = endpoint(route, async ({ context, client, body }) =>
  paginate(body, context.settings.default_limit, (slice) =>
    context.database.scan(async (session) => {
      const filters = runFilters(body, client)
      const flows = await readFlows(session, { ...filters, ...slice, sort: body.sort })
      return { results: flows.map(wireFlow), count: await countFlows(session, filters) }
    }),
  ),
)
