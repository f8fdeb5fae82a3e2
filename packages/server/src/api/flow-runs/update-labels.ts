import { updateFlowRunLabels as route } from '@reeve/schemas/routes/flow-runs'
import { readFlowRun, updateFlowRun } from '../../models/flow-runs.ts'
import { exception, noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const updateFlowRunLabels = endpoint(route, async ({ context, params: { id }, body }) =>
  context.database.write(async (session) => {
    const run = await readFlowRun(session, id)
    if (!run) return exception(404, `Flow run with id ${id} not found`)
    await updateFlowRun(session, id, { labels: { ...run.labels, ...body } }, context)
    return noContent()
  }),
)
