import { z } from 'zod'
import { Labels, Name, Tags, TimestampText, UuidText } from './scalars.ts'
import { page } from './pagination.ts'

/** A flow on the wire. */
export const Flow = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    tags: Tags,
    labels: Labels.nullable(),
  })
  .meta({ id: 'Flow' })
export interface Flow extends z.infer<typeof Flow> {}

/** A flow to register; a flow of this name that is already there is answered unchanged. */
export const FlowCreate = z
  .strictObject({
    name: Name,
    tags: Tags.default(() => []),
    labels: Labels.nullable().default(() => ({})),
  })
  .meta({ id: 'FlowCreate' })
export interface FlowCreate extends z.infer<typeof FlowCreate> {}

/** Only the keys that are present are written. */
export const FlowUpdate = z.strictObject({ tags: Tags.optional() }).meta({ id: 'FlowUpdate' })
export interface FlowUpdate extends z.infer<typeof FlowUpdate> {}

export const FlowPage = page('FlowPaginationResponse', Flow)
export interface FlowPage extends z.infer<typeof FlowPage> {}

/** The ids of the rows that a bulk delete removed. */
export const FlowBulkDeleteResponse = z
  .object({ deleted: z.array(UuidText) })
  .meta({ id: 'FlowBulkDeleteResponse' })
export interface FlowBulkDeleteResponse extends z.infer<typeof FlowBulkDeleteResponse> {}
