import { flowRunHistory as route } from '@reeve/schemas/routes/flow-runs'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'
import { answerHistory } from '../run-history.ts'

export const flowRunHistory = endpoint(route, async ({ context, client, now, body }) =>
  answerHistory(context, 'flow_run', body, runFilters(body, client), now),
)
