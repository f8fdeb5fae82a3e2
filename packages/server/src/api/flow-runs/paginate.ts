import { paginateFlowRuns as route } from '@reeve/schemas/routes/flow-runs'
import { countFlowRuns, readFlowRuns } from '../../models/flow-runs.ts'
import { endpoint } from '../endpoint.ts'
import { paginate } from '../paginate.ts'
import { runFilters } from '../run-filters.ts'
import { wireFlowRun } from '../wire/flow-run.ts'

export const paginateFlowRuns = endpoint(route, async ({ context, client, now, body }) =>
  paginate(body, context.settings.default_limit, (slice) =>
    context.database.scan(async (session) => {
      const filters = runFilters(body, client)
      const runs = await readFlowRuns(session, { ...filters, ...slice, sort: body.sort })
      const results = runs.map((run) => wireFlowRun(run, now))
      return { results, count: await countFlowRuns(session, filters) }
    }),
  ),
)
