import { createFlowRunInput as route } from '@reeve/schemas/routes/flow-run-inputs'
import { createFlowRunInput as create } from '../../models/flow-run-inputs.ts'
import { readFlowRun } from '../../models/flow-runs.ts'
import { created, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { flowRunNotFound } from '../flow-runs/not-found.ts'

export const createFlowRunInput = endpoint(route, async ({ context, params, body }) => {
  const input = { flow_run_id: params.id, key: body.key, value: body.value, sender: body.sender ?? null }
  return context.database.write(async (session) => {
    if (!(await readFlowRun(session, params.id))) return flowRunNotFound()
    const stored = await create(session, input, context)
    return stored ? created(null) : refuse(409, 'A flow run input with this key already exists.')
  })
})
