import { createSavedSearch as route } from '@reeve/schemas/routes/saved-searches'
import { createSavedSearch as create } from '../../models/saved-searches.ts'
import { endpoint } from '../endpoint.ts'
import { wireSavedSearch } from '../wire/saved-search.ts'

export const createSavedSearch = endpoint(route, async ({ context, body }) => {
  const { search, created } = await context.database.write((session) => create(session, body, context))
  return { status: created ? 201 : 200, body: wireSavedSearch(search) }
})
