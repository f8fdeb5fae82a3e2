import { z } from 'zod'
import { Int, TimestampText, UuidText } from './scalars.ts'

/** A limit on the task runs of one tag; `active_slots` are the task runs that hold it. */
export const ConcurrencyLimit = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    tag: z.string(),
    concurrency_limit: z.int(),
    active_slots: z.array(UuidText),
  })
  .meta({ id: 'ConcurrencyLimit' })
export interface ConcurrencyLimit extends z.infer<typeof ConcurrencyLimit> {}

export const ConcurrencyLimitCreate = z
  .strictObject({ tag: z.string(), concurrency_limit: Int })
  .meta({ id: 'ConcurrencyLimitCreate' })
export interface ConcurrencyLimitCreate extends z.infer<typeof ConcurrencyLimitCreate> {}
