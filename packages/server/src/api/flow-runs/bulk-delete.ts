import { bulkDeleteFlowRuns as route } from '@reeve/schemas/routes/flow-runs'
import { deleteFlowRun, readFlowRunIds } from '../../models/flow-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const bulkDeleteFlowRuns = endpoint(route, async ({ context, body }) => {
  const deleted = await context.database.write(async (session) => {
    const ids = await readFlowRunIds(session, { flowRunFilter: body.flow_runs, limit: body.limit })
    for (const id of ids) await deleteFlowRun(session, id, context)
    return ids
  })
  return ok({ deleted })
})
