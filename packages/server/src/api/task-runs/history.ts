import { taskRunHistory as route } from '@reeve/schemas/routes/task-runs'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'
import { answerHistory } from '../run-history.ts'

export const taskRunHistory = endpoint(route, async ({ context, client, now, body }) =>
  answerHistory(context, 'task_run', body, runFilters(body, client), now),
)
