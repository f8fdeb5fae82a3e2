import { deleteFlowRunInput as route } from '@reeve/schemas/routes/flow-run-inputs'
import { deleteFlowRunInput as remove } from '../../models/flow-run-inputs.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { flowRunInputNotFound } from './not-found.ts'

export const deleteFlowRunInput = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id, params.key))
  return deleted ? noContent() : flowRunInputNotFound()
})
