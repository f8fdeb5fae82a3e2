import { createFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import { createFlowRun as create } from '../../models/flow-run-creation.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { creating } from './creating.ts'

export const createFlowRun = endpoint(route, (call) =>
  creating(call, call.body, async (session, creation) => {
    const { context } = call
    const { flowRun, created } = await create(session, creation, context)
    return { status: created ? 201 : 200, body: wireFlowRun(flowRun, context.clock.now()) }
  }),
)
