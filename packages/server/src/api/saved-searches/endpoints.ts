import type { Endpoint } from '../endpoint.ts'
import { createSavedSearch } from './create.ts'
import { deleteSavedSearch } from './delete.ts'
import { filterSavedSearches } from './filter.ts'
import { readSavedSearch } from './read.ts'

export const SAVED_SEARCH_ENDPOINTS: readonly Endpoint[] = [
  createSavedSearch,
  readSavedSearch,
  filterSavedSearches,
  deleteSavedSearch,
]
