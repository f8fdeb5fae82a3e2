import { startFlowRun as route } from '@reeve/schemas/routes/starts'
import { createFlowRun as create } from '../../models/flow-run-creation.ts'
import { transitionFlowRun } from '../../models/flow-run-transitions.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { creating } from './creating.ts'

export const startFlowRun = endpoint(route, (call) =>
  creating(call, call.body.flow_run, async (session, creation) => {
    const { context, client, body } = call
    const { flowRun, created } = await create(session, creation, context)
    const flow_run = wireFlowRun(flowRun, context.clock.now())
    if (!created) return { status: 200, body: { flow_run, result: null } }
    const state = proposedState(body.state, context)
    const proposal = { flow_run_id: flowRun.id, state, policy: 'core' as const, client }
    const transitioned = await transitionFlowRun(session, proposal, context)
    return {
      status: 201,
      body: { flow_run, result: transitioned ? wireOrchestrationResult(transitioned) : null },
    }
  }),
)
