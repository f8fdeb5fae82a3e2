import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

/** A kept search as the contract prints it. */
export function wireSavedSearch(search: Row<'saved_search'>) {
  return {
    id: search.id,
    created: formatTimestamp(search.created),
    updated: formatTimestamp(search.updated),
    name: search.name,
    filters: search.filters,
  }
}
