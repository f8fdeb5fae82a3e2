import { readFlowRunInput as route } from '@reeve/schemas/routes/flow-run-inputs'
import { readFlowRunInput as read } from '../../models/flow-run-inputs.ts'
import { endpoint } from '../endpoint.ts'
import { flowRunInputNotFound } from './not-found.ts'

export const readFlowRunInput = endpoint(route, async ({ context, params }) => {
  const input = await context.database.read((session) => read(session, params.id, params.key))
  return input ? { status: 200, body: input.value, raw: true } : flowRunInputNotFound()
})
