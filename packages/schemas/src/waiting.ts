import { z } from 'zod'
import { StateType } from './state.ts'
import { TimestampText, UuidText } from './scalars.ts'

/** Who has slots of a limit. */
const SlotHolder = z.object({
  type: z.string().nullable(),
  id: UuidText.nullable(),
  slots: z.int(),
  since: TimestampText,
  expiration: TimestampText,
})

/** One thing that keeps a run from running, and who or what can change that. */
export const WaitingReason = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('scheduled'),
      message: z.string(),
      scheduled_time: TimestampText,
      seconds: z.number(),
    }),
    z.object({
      kind: z.literal('limit'),
      message: z.string(),
      limit_id: UuidText,
      limit_name: z.string(),
      limit: z.int(),
      active_slots: z.int(),
      holders: z.array(SlotHolder),
      /** 1 is next in line. */
      position: z.int(),
    }),
    z.object({
      kind: z.literal('paused'),
      message: z.string(),
      pause_key: z.string().nullable(),
      until: TimestampText.nullable(),
      /** Keys of the input that whoever resumes must give, by use. */
      input: z.record(z.string(), z.string()).nullable(),
    }),
    z.object({
      kind: z.literal('parent'),
      message: z.string(),
      flow_run_id: UuidText,
      state_type: StateType.nullable(),
    }),
    z.object({
      kind: z.literal('worker'),
      message: z.string(),
      /** What a worker must serve to take this run. */
      task_key: z.string().nullable(),
      work_queue_name: z.string().nullable(),
      workers: z.array(z.string()),
    }),
    z.object({ kind: z.literal('cancelling'), message: z.string(), since: TimestampText }),
    z.object({ kind: z.literal('client'), message: z.string() }),
    z.object({ kind: z.literal('rule'), message: z.string() }),
  ])
  .meta({ id: 'WaitingReason' })
export type WaitingReason = z.infer<typeof WaitingReason>

/** Why a run is not running: empty reasons when it is running or over. */
export const Waiting = z
  .object({
    id: UuidText,
    state_type: StateType.nullable(),
    state_name: z.string().nullable(),
    waiting: z.boolean(),
    reasons: z.array(WaitingReason),
  })
  .meta({ id: 'Waiting' })
export interface Waiting extends z.infer<typeof Waiting> {}
