import { deleteFlow as route } from '@reeve/schemas/routes/flows'
import { deleteFlow as remove } from '../../models/flows.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { flowNotFound } from './not-found.ts'

export const deleteFlow = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id, context))
  return deleted ? noContent() : flowNotFound()
})
