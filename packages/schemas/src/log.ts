import { z } from 'zod'
import { orNull } from './scalar.ts'
import { Int, Text, TimestampInput, TimestampText, Uuid, UuidText } from './scalars.ts'

/** A log line on the wire; `level` as in Python's logging (20 is INFO). */
export const Log = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    level: z.int(),
    message: z.string(),
    timestamp: TimestampText,
    flow_run_id: UuidText.nullable(),
    task_run_id: UuidText.nullable(),
  })
  .meta({ id: 'Log' })
export interface Log extends z.infer<typeof Log> {}

export const LogCreate = z
  .strictObject({
    name: Text,
    level: Int,
    message: Text,
    timestamp: TimestampInput,
    flow_run_id: orNull(Uuid),
    task_run_id: orNull(Uuid),
  })
  .meta({ id: 'LogCreate' })
export interface LogCreate extends z.infer<typeof LogCreate> {}
