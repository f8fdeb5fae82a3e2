import { startFlowRun as route } from '@reeve/schemas/routes/starts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { creating } from './creating.ts'

export const startFlowRun = endpoint(route, async (call) => {
  const { context, body } = call
  const made = await creating(call, body.flow_run, {
    state: proposedState(body.state, context),
    policy: 'core',
  })
  if ('refused' in made) return made.refused
  const { flowRun, created, transitioned } = made
  const flow_run = wireFlowRun(flowRun, context.clock.now())
  const result = transitioned ? wireOrchestrationResult(transitioned) : null
  return { status: created ? 201 : 200, body: { flow_run, result } }
})
