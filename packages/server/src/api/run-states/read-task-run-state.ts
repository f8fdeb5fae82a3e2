import { readTaskRunState as route } from '@reeve/schemas/routes/run-states'
import { readTaskRunState as read } from '../../models/task-run-states.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireState } from '../wire/state.ts'

export const readTaskRunState = endpoint(route, async ({ context, params }) => {
  const state = await context.database.read((session) => read(session, params.id))
  // The contract says "flow run" here too.
  return state ? ok(wireState(state)) : refuse(404, 'Flow run state not found')
})
