import { countTaskRuns as route } from '@reeve/schemas/routes/task-runs'
import { countTaskRuns as count } from '../../models/task-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countTaskRuns = endpoint(route, async ({ context, client, body }) =>
  ok(await context.database.scan((session) => count(session, runFilters(body, client)))),
)
