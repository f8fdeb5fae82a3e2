import { bulkDeleteFlows as route } from '@reeve/schemas/routes/flows'
import { deleteFlow, readFlows } from '../../models/flows.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const bulkDeleteFlows = endpoint(route, async ({ context, body }) => {
  const deleted = await context.database.write(async (session) => {
    const flows = await readFlows(session, { flowFilter: body.flows, limit: body.limit })
    for (const { id } of flows) await deleteFlow(session, id, context)
    return flows.map(({ id }) => id)
  })
  return ok({ deleted })
})
