import { filterFlowRunInput as route } from '@reeve/schemas/routes/flow-run-inputs'
import { readFlowRunInputs } from '../../models/flow-run-inputs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlowRunInput } from '../wire/flow-run-input.ts'

export const filterFlowRunInput = endpoint(route, async ({ context, params, body }) => {
  const query = { ...body, flow_run_id: params.id, limit: Math.max(0, body.limit) }
  const inputs = await context.database.scan((session) => readFlowRunInputs(session, query))
  return ok(inputs.map(wireFlowRunInput))
})
