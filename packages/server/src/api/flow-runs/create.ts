import { createFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import { createFlowRun as create } from '../../models/flow-run-creation.ts'
import { serverState } from '../../models/server-state.ts'
import { readPoolQueue } from '../../models/work-queues.ts'
import { refuse } from '../answer.ts'
import { createdBy } from '../created-by.ts'
import { endpoint } from '../endpoint.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { proposedState } from '../proposed-state.ts'
import { wireFlowRun } from '../wire/flow-run.ts'

export const createFlowRun = endpoint(route, async ({ context, client, body, headers }) => {
  const { state, work_pool_name, work_queue_name, ...flowRun } = body
  const tooLarge = parametersTooLarge(flowRun.parameters, context.settings.max_parameter_bytes, body)
  if (tooLarge) return tooLarge
  const first = state ? proposedState(state, context) : serverState('PENDING', context)
  return context.database.write(async (session) => {
    const queue = work_pool_name ? await readPoolQueue(session, work_pool_name, work_queue_name) : null
    if (queue === undefined) return refuse(404, `Work pool "${work_pool_name}" or its queue not found.`)
    const creation = { flowRun, state: first, work_queue: queue, created_by: createdBy(headers), client }
    const { flowRun: run, created } = await create(session, creation, context)
    return { status: created ? 201 : 200, body: wireFlowRun(run, context.clock.now()) }
  })
})
