import { countTaskRunsByFlowRun as route } from '@reeve/schemas/routes/ui'
import { countTaskRunsOfFlowRuns } from '../../models/dashboard.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const countTaskRunsByFlowRun = endpoint(route, async ({ context, body }) =>
  ok(await context.database.scan((session) => countTaskRunsOfFlowRuns(session, body.flow_run_ids))),
)
