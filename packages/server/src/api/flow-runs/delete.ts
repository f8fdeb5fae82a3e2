import { deleteFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import { deleteFlowRun as remove } from '../../models/flow-runs.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { flowRunNotFound } from './not-found.ts'

export const deleteFlowRun = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id, context))
  return deleted ? noContent() : flowRunNotFound()
})
