import { readFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import { readFlowRun as read } from '../../models/flow-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { flowRunNotFound } from './not-found.ts'

export const readFlowRun = endpoint(route, async ({ context, now, params }) => {
  const run = await context.database.read((session) => read(session, params.id))
  return run ? ok(wireFlowRun(run, now)) : flowRunNotFound()
})
