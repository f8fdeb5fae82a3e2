import { countTaskRunsByState as route } from '@reeve/schemas/routes/ui'
import { countTaskRunsByState as count } from '../../models/task-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countTaskRunsByState = endpoint(route, async ({ context, client, body }) =>
  ok(await context.database.scan((session) => count(session, runFilters(body, client)))),
)
