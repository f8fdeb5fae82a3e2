import { readTaskRunStates as route } from '@reeve/schemas/routes/run-states'
import { readTaskRunStates as read } from '../../models/task-run-states.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireState } from '../wire/state.ts'

export const readTaskRunStates = endpoint(route, async ({ context, query }) => {
  const states = await context.database.read((session) => read(session, query.task_run_id))
  return ok(states.map(wireState))
})
