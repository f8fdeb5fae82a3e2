import { z } from 'zod'
import { TimestampText, UuidText } from './scalars.ts'

/** A value handed to a running flow: JSON text under a key, with who sent it. */
export const FlowRunInput = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    flow_run_id: UuidText,
    key: z.string(),
    value: z.string(),
    sender: z.string().nullable(),
  })
  .meta({ id: 'FlowRunInput' })
export interface FlowRunInput extends z.infer<typeof FlowRunInput> {}

/** The key of an input; the keys of one run are unique. */
export const FlowRunInputKey = z.string().regex(/^[a-z0-9-]*$/, {
  message: 'Value error, Flow run input key must only contain lowercase letters, numbers, and dashes.',
})
