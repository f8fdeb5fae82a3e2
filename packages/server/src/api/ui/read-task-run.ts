import { readUITaskRun as route } from '@reeve/schemas/routes/ui'
import { readFlowRun } from '../../models/flow-runs.ts'
import { readTaskRun } from '../../models/task-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { taskRunNotFound } from '../task-runs/not-found.ts'
import { wireTaskRun } from '../wire/task-run.ts'

export const readUITaskRun = endpoint(route, async ({ context, now, params }) =>
  context.database.snapshot(async (session) => {
    const run = await readTaskRun(session, params.id)
    if (!run) return taskRunNotFound()
    const parent = run.flow_run_id === null ? undefined : await readFlowRun(session, run.flow_run_id)
    return ok({ ...wireTaskRun(run, now), flow_run_name: parent?.name ?? null })
  }),
)
