import { clampedPoisson } from '@reeve/orchestration/clamped-poisson'
import type { LeaseHolder } from '@reeve/orchestration/effects'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { limitsBy, storeCounts } from './concurrency-limits.ts'
import { createLease } from './leases.ts'
import { countedAt, expectedWait, withoutSlots } from './limit-counts.ts'
import type { LimitRow } from './limit-counts.ts'
import { tellFreed } from './tell-freed.ts'

export interface SlotRequest {
  names: readonly string[]
  slots: number
  /** A rate limit gives its slots back by decay alone, so each limit must have one. */
  mode: 'concurrency' | 'rate_limit'
  /** The slots are held by a lease of this many seconds; without, until they are given back. */
  lease?: { seconds: number; holder: LeaseHolder | null }
  /** The same was refused before, and counted. */
  isAgain?: boolean
}

export type SlotAnswer =
  | { outcome: 'taken'; limits: LimitRow[]; lease_id: string | null }
  /** Some active limit could never give so many. */
  | { outcome: 'too many' }
  | { outcome: 'no decay'; names: string[] }
  | { outcome: 'full'; limits: LimitRow[]; retryAfterSeconds: number }

/** Takes slots of every active limit among the named ones, or of none. Unknown names are passed over. */
export async function incrementSlots(
  session: Session,
  { names, slots, mode, lease, isAgain = false }: SlotRequest,
  context: ModelContext,
): Promise<SlotAnswer> {
  const stored = await limitsBy(session, 'name', names, true)
  const now = context.clock.now()
  const limits = stored.map((limit) => countedAt(limit, now, context.settings))
  const active = limits.filter((limit) => limit.active)
  if (active.some((limit) => limit.limit < slots)) return { outcome: 'too many' }
  const lasting = active.filter((limit) => limit.slot_decay_per_second === 0)
  if (mode === 'rate_limit' && lasting.length > 0) {
    return { outcome: 'no decay', names: lasting.map((limit) => limit.name) }
  }
  if (active.some((limit) => limit.active_slots + slots > limit.limit)) {
    const average = expectedWait(active, slots, context.settings)
    if (!isAgain) {
      const denied = active.map((limit) => ({ ...limit, denied_slots: limit.denied_slots + slots }))
      await storeCounts(session, denied, now)
    }
    return { outcome: 'full', limits: active, retryAfterSeconds: clampedPoisson(average, context.random()) }
  }
  await storeCounts(
    session,
    active.map((limit) => ({ ...limit, active_slots: limit.active_slots + slots })),
    now,
  )
  const lease_id = lease ? context.ids.random() : null
  if (lease && lease_id !== null) {
    const limitIds = active.map((limit) => limit.id)
    await createLease(session, { id: lease_id, slots, limitIds, ...lease }, context)
  }
  return { outcome: 'taken', limits, lease_id }
}

/** Gives slots of the active limits among the named ones back. Returns all that the names stand for. */
export async function decrementSlots(
  session: Session,
  { names, slots, occupancySeconds }: { names: readonly string[]; slots: number; occupancySeconds?: number },
  context: ModelContext,
): Promise<LimitRow[]> {
  const limits = await limitsBy(session, 'name', names, true)
  const now = context.clock.now()
  const freed = limits
    .filter((limit) => limit.active)
    .map((limit) => withoutSlots(countedAt(limit, now, context.settings), slots, occupancySeconds))
  await storeCounts(session, freed, now)
  tellFreed(session, freed, context)
  return limits
}
