import { z } from 'zod'
import { Bool, Name, TimestampText, Uuid, UuidText, float, int } from './scalars.ts'

/** A named limit on anything; slots fall back by `slot_decay_per_second` when it is not 0. */
export const ConcurrencyLimitV2 = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    active: z.boolean(),
    name: z.string(),
    limit: z.int(),
    active_slots: z.int(),
    denied_slots: z.int(),
    slot_decay_per_second: z.number(),
    avg_slot_occupancy_seconds: z.number(),
  })
  .meta({ id: 'ConcurrencyLimitV2' })
export interface ConcurrencyLimitV2 extends z.infer<typeof ConcurrencyLimitV2> {}

/** The limit as it is read: `active_slots` with the decay taken off. */
export const GlobalConcurrencyLimit = ConcurrencyLimitV2.omit({
  denied_slots: true,
  avg_slot_occupancy_seconds: true,
}).meta({ id: 'GlobalConcurrencyLimitResponse' })
export interface GlobalConcurrencyLimit extends z.infer<typeof GlobalConcurrencyLimit> {}

const count = int({ ge: 0 })
const decay = float({ ge: 0 })

export const ConcurrencyLimitV2Create = z
  .strictObject({
    active: Bool.default(true),
    name: Name,
    limit: count,
    active_slots: count.default(0),
    denied_slots: count.default(0),
    slot_decay_per_second: decay.default(0),
  })
  .meta({ id: 'ConcurrencyLimitV2Create' })
export interface ConcurrencyLimitV2Create extends z.infer<typeof ConcurrencyLimitV2Create> {}

/** Only the keys that are present are written. */
export const ConcurrencyLimitV2Update = z
  .strictObject({
    active: Bool.nullish(),
    name: Name.nullish(),
    limit: count.nullish(),
    active_slots: count.nullish(),
    denied_slots: count.nullish(),
    slot_decay_per_second: decay.nullish(),
  })
  .meta({ id: 'ConcurrencyLimitV2Update' })
export interface ConcurrencyLimitV2Update extends z.infer<typeof ConcurrencyLimitV2Update> {}

/** What a taker of slots learns of a limit. */
export const MinimalConcurrencyLimit = z
  .object({ id: UuidText, name: z.string(), limit: z.int() })
  .meta({ id: 'MinimalConcurrencyLimitResponse' })
export interface MinimalConcurrencyLimit extends z.infer<typeof MinimalConcurrencyLimit> {}

/** Slots taken until the lease is given back or runs out. */
export const ConcurrencyLimitWithLease = z
  .object({ lease_id: UuidText, limits: z.array(MinimalConcurrencyLimit) })
  .meta({ id: 'ConcurrencyLimitWithLeaseResponse' })
export interface ConcurrencyLimitWithLease extends z.infer<typeof ConcurrencyLimitWithLease> {}

/** On whose behalf a lease is taken. */
export const ConcurrencyLeaseHolder = z
  .strictObject({ type: z.enum(['flow_run', 'task_run', 'deployment']), id: Uuid })
  .meta({ id: 'ConcurrencyLeaseHolder' })
export interface ConcurrencyLeaseHolder extends z.infer<typeof ConcurrencyLeaseHolder> {}

/** Seconds that a lease lasts before it must be renewed. */
export const LeaseDuration = float({ ge: 60, le: 86_400 }).default(300)
