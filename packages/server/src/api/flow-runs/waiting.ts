import { readFlowRunWaiting as route } from '@reeve/schemas/routes/waiting'
import { readFlowRunWaiting as readWaiting } from '../../models/flow-run-waiting.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireWaiting } from '../wire/waiting.ts'

export const readFlowRunWaiting = endpoint(route, async ({ context, params }) => {
  const waiting = await context.database.snapshot((session) => readWaiting(session, params.id, context))
  return waiting ? ok(wireWaiting(waiting)) : refuse(404, 'Flow run not found')
})
