import { updateFlow as route } from '@reeve/schemas/routes/flows'
import { updateFlow as update } from '../../models/flows.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { flowNotFound } from './not-found.ts'

export const updateFlow = endpoint(route, async ({ context, params, body }) => {
  const updated = await context.database.write((session) => update(session, params.id, body, context))
  return updated ? noContent() : flowNotFound()
})
