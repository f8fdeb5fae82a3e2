import { readFlowRunStates as route } from '@reeve/schemas/routes/run-states'
import { readFlowRunStates as read } from '../../models/flow-run-states.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireState } from '../wire/state.ts'

export const readFlowRunStates = endpoint(route, async ({ context, query }) => {
  const states = await context.database.read((session) => read(session, query.flow_run_id))
  return ok(states.map(wireState))
})
