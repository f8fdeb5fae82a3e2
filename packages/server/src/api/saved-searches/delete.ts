import { deleteSavedSearch as route } from '@reeve/schemas/routes/saved-searches'
import { deleteSavedSearch as remove } from '../../models/saved-searches.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { savedSearchNotFound } from './not-found.ts'

export const deleteSavedSearch = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id))
  return deleted ? noContent() : savedSearchNotFound()
})
