import { paginateTaskRuns as route } from '@reeve/schemas/routes/task-runs'
import { countTaskRuns, readTaskRuns } from '../../models/task-runs.ts'
import { endpoint } from '../endpoint.ts'
import { paginate } from '../paginate.ts'
import { runFilters } from '../run-filters.ts'
import { wireTaskRunListItem } from '../wire/task-run-list-item.ts'

export const paginateTaskRuns = endpoint(route, async ({ context, client, now, body }) =>
  paginate(body, context.settings.default_limit, (slice) =>
    context.database.scan(async (session) => {
      const filters = runFilters(body, client)
      const runs = await readTaskRuns(session, { ...filters, ...slice, sort: body.sort })
      const results = runs.map((run) => wireTaskRunListItem(run, now))
      return { results, count: await countTaskRuns(session, filters) }
    }),
  ),
)
