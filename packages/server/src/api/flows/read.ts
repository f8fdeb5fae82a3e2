import { readFlow as route } from '@reeve/schemas/routes/flows'
import { readFlow as read } from '../../models/flows.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlow } from '../wire/flow.ts'
import { flowNotFound } from './not-found.ts'

export const readFlow = endpoint(route, async ({ context, params }) => {
  const flow = await context.database.read((session) => read(session, params.id))
  return flow ? ok(wireFlow(flow)) : flowNotFound()
})
