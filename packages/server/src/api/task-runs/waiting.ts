import { readTaskRunWaiting as route } from '@reeve/schemas/routes/waiting'
import { readTaskRunWaiting as readWaiting } from '../../models/task-run-waiting.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireWaiting } from '../wire/waiting.ts'

export const readTaskRunWaiting = endpoint(route, async ({ context, params }) => {
  const waiting = await context.database.snapshot((session) => readWaiting(session, params.id, context))
  return waiting ? ok(wireWaiting(waiting)) : refuse(404, 'Task run not found')
})
