import { readFlowRunState as route } from '@reeve/schemas/routes/run-states'
import { readFlowRunState as read } from '../../models/flow-run-states.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireState } from '../wire/state.ts'

export const readFlowRunState = endpoint(route, async ({ context, params }) => {
  const state = await context.database.read((session) => read(session, params.id))
  return state ? ok(wireState(state)) : refuse(404, 'Flow run state not found')
})
