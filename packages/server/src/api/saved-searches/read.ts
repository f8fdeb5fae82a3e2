import { readSavedSearch as route } from '@reeve/schemas/routes/saved-searches'
import { readSavedSearch as read } from '../../models/saved-searches.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireSavedSearch } from '../wire/saved-search.ts'
import { savedSearchNotFound } from './not-found.ts'

export const readSavedSearch = endpoint(route, async ({ context, params }) => {
  const search = await context.database.read((session) => read(session, params.id))
  return search ? ok(wireSavedSearch(search)) : savedSearchNotFound()
})
