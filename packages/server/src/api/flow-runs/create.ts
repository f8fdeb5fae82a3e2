import { createFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import { endpoint } from '../endpoint.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { creating } from './creating.ts'

export const createFlowRun = endpoint(route, async (call) => {
  const made = await creating(call, call.body)
  if ('refused' in made) return made.refused
  return { status: made.created ? 201 : 200, body: wireFlowRun(made.flowRun, call.context.clock.now()) }
})
