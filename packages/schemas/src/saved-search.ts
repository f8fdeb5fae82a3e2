import { z } from 'zod'
import { JsonValue, TimestampText, UuidText } from './scalars.ts'

const SavedSearchFilter = z
  .object({
    object: z.string(),
    property: z.string(),
    type: z.string(),
    operation: z.string(),
    value: JsonValue,
  })
  .meta({ id: 'SavedSearchFilter' })

/** A search of the UI kept under a name. */
export const SavedSearch = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    filters: z.array(SavedSearchFilter),
  })
  .meta({ id: 'SavedSearch' })
export interface SavedSearch extends z.infer<typeof SavedSearch> {}

/** A search to keep; one of the same name has its filters replaced. */
export const SavedSearchCreate = z
  .strictObject({ name: z.string(), filters: z.array(SavedSearchFilter).default(() => []) })
  .meta({ id: 'SavedSearchCreate' })
export interface SavedSearchCreate extends z.infer<typeof SavedSearchCreate> {}
