import { createFlow as route } from '@reeve/schemas/routes/flows'
import { createFlow as create } from '../../models/flows.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlow } from '../wire/flow.ts'

export const createFlow = endpoint(route, async ({ context, body }) => {
  const { flow, created } = await context.database.write((session) => create(session, body, context))
  return { status: created ? 201 : 200, body: wireFlow(flow) }
})
