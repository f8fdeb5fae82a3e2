import { filterFlowRuns as route } from '@reeve/schemas/routes/flow-runs'
import { readFlowRuns } from '../../models/flow-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { runFilters } from '../run-filters.ts'
import { wireFlowRun } from '../wire/flow-run.ts'

export const filterFlowRuns = endpoint(route, async ({ context, client, now, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { offset, sort } = body
  const query = { ...runFilters(body, client), limit, offset, sort }
  const runs = await context.database.scan((session) => readFlowRuns(session, query))
  return ok(runs.map((run) => wireFlowRun(run, now)))
})
