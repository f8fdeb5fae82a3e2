import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { SavedSearch, SavedSearchCreate } from '../saved-search.ts'
import { idParams } from './params.ts'

const tag = 'saved-searches'

export const createSavedSearch = route({
  id: 'createSavedSearch',
  method: 'PUT',
  path: '/saved_searches/',
  tag,
  summary: 'Keep a search, or replace the one of this name',
  body: SavedSearchCreate,
  responses: { 200: SavedSearch, 201: SavedSearch },
})

export const readSavedSearch = route({
  id: 'readSavedSearch',
  method: 'GET',
  path: '/saved_searches/:id',
  tag,
  summary: 'Read a kept search',
  params: idParams,
  responses: { 200: SavedSearch },
})

export const filterSavedSearches = route({
  id: 'filterSavedSearches',
  method: 'POST',
  path: '/saved_searches/filter',
  tag,
  summary: 'List kept searches by name',
  body: embedded({ limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(SavedSearch) },
})

export const deleteSavedSearch = route({
  id: 'deleteSavedSearch',
  method: 'DELETE',
  path: '/saved_searches/:id',
  tag,
  summary: 'Delete a kept search',
  params: idParams,
  responses: { 204: null },
})
