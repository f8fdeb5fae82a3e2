import { countTaskRuns as route } from '@reeve/schemas/routes/task-runs'
import { asksForAll } from '../../models/task-run-tally.ts'
import { countTaskRuns as count } from '../../models/task-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countTaskRuns = endpoint(route, async ({ context, client, body }) => {
  const filters = runFilters(body, client)
  // What dashboards ask for most is not worth the way to a thread, or a plan of its own.
  const access = asksForAll(filters) ? 'read' : 'scan'
  return ok(await context.database[access]((session) => count(session, filters)))
})
