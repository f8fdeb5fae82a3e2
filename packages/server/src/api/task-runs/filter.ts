import { filterTaskRuns as route } from '@reeve/schemas/routes/task-runs'
import { readTaskRuns } from '../../models/task-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { runFilters } from '../run-filters.ts'
import { wireTaskRun } from '../wire/task-run.ts'

export const filterTaskRuns = endpoint(route, async ({ context, client, now, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { offset, sort } = body
  const query = { ...runFilters(body, client), limit, offset, sort }
  const runs = await context.database.scan((session) => readTaskRuns(session, query))
  return ok(runs.map((run) => wireTaskRun(run, now)))
})
