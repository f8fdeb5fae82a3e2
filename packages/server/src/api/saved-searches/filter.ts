import { filterSavedSearches as route } from '@reeve/schemas/routes/saved-searches'
import { readSavedSearches } from '../../models/saved-searches.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireSavedSearch } from '../wire/saved-search.ts'

export const filterSavedSearches = endpoint(route, async ({ context, body: { limit: asked, offset } }) => {
  const limit = pageLimit(asked, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const searches = await context.database.read((session) => readSavedSearches(session, { limit, offset }))
  return ok(searches.map(wireSavedSearch))
})
