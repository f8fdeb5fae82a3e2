import type { LeaseHolder, TakeSlots } from '@reeve/orchestration/effects'
import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { isTagLimit, limitsBy, storeCounts } from './concurrency-limits.ts'
import { countedAt, withoutSlots } from './limit-counts.ts'
import { tellFreed } from './tell-freed.ts'

type LeaseRow = Row<'concurrency_lease'>

const MICROSECONDS = 1_000_000

export interface NewLease {
  id: string
  slots: number
  seconds: number
  holder: LeaseHolder | null
  /** Those of which slots were taken; to take them is the caller's part. */
  limitIds: readonly string[]
}

export async function createLease(session: Session, lease: NewLease, context: ModelContext): Promise<void> {
  const { id, slots, seconds, holder } = lease
  const now = context.clock.now()
  await insertRows(session, 'concurrency_lease', [
    {
      id,
      created: now,
      expiration: now + Math.round(seconds * MICROSECONDS),
      slots,
      holder_type: holder?.type ?? null,
      holder_id: holder?.id ?? null,
    },
  ])
  await insertRows(
    session,
    'concurrency_lease_limit',
    lease.limitIds.map((limit_id) => ({ lease_id: id, limit_id })),
  )
}

/** Takes one slot of each limit for a lease; false, and nothing taken, when one of them is full or gone. */
export async function takeSlots(
  session: Session,
  effect: TakeSlots,
  context: ModelContext,
): Promise<boolean> {
  const stored = await limitsBy(session, 'id', effect.limit_ids, true)
  const now = context.clock.now()
  const limits = stored.map((limit) => countedAt(limit, now, context.settings))
  const free = limits.every((limit) => limit.active_slots + 1 <= limit.limit)
  if (!free || limits.length < effect.limit_ids.length) return false
  const taken = limits.map((limit) => ({ ...limit, active_slots: limit.active_slots + 1 }))
  await storeCounts(session, taken, now)
  const { lease_id: id, ttl_seconds: seconds, holder, limit_ids: limitIds } = effect
  await createLease(session, { id, slots: 1, seconds, holder, limitIds }, context)
  return true
}

/** The limits were locked when they were found free, so a failure to take their slots is a bug. */
export function requireSlots(taken: boolean): void {
  if (!taken) throw new Error('Slots that were decided to be free were not')
}

/** Gives the slots of a lease back and forgets it; one that is gone has given them back already. */
export async function releaseLease(session: Session, leaseId: string, context: ModelContext): Promise<void> {
  const leases = await session.all(lockRows(session, leasesOf(session).where('id', '=', leaseId)))
  await giveBack(session, leases, context)
}

/** Makes a lease last this long from now on; false when it was given back or has been reaped. */
export async function renewLease(
  session: Session,
  leaseId: string,
  ttlSeconds: number,
  context: ModelContext,
): Promise<boolean> {
  const expiration = context.clock.now() + Math.round(ttlSeconds * MICROSECONDS)
  const changes = await session.run(
    session.build.updateTable('concurrency_lease').set({ expiration }).where('id', '=', leaseId),
  )
  return changes > 0
}

/** Whether the lease is still stored: one that ran out lives until it is reaped, and can be renewed. */
export async function leaseIsLive(session: Session, leaseId: string): Promise<boolean> {
  const query = session.build.selectFrom('concurrency_lease').select('id').where('id', '=', leaseId)
  return (await session.first(query)) !== undefined
}

/** Gives back all that a holder has. */
export async function releaseLeasesOf(
  session: Session,
  holder: LeaseHolder,
  context: ModelContext,
): Promise<void> {
  const query = leasesOf(session).where('holder_id', '=', holder.id).where('holder_type', '=', holder.type)
  await giveBack(session, await session.all(lockRows(session, query.orderBy('id'))), context)
}

/** Gives the slots back which a task run holds of limits on tags. */
export async function releaseTagSlots(
  session: Session,
  taskRunId: string,
  context: ModelContext,
): Promise<void> {
  const held = leasesOf(session)
    .where('holder_id', '=', taskRunId)
    .where('holder_type', '=', 'task_run')
    .where('id', 'in', (query) =>
      query
        .selectFrom('concurrency_lease_limit')
        .innerJoin('concurrency_limit', 'concurrency_limit.id', 'limit_id')
        .select('lease_id')
        .where(isTagLimit),
    )
  await giveBack(session, await session.all(lockRows(session, held.orderBy('id'))), context)
}

/** When the first lease runs out. */
export async function firstExpiration(session: Session): Promise<Timestamp | undefined> {
  const query = session.build.selectFrom('concurrency_lease').select('expiration')
  return (await session.first(query.orderBy('expiration').limit(1)))?.expiration
}

/** Gives the slots of leases back which ran out before `now`, the oldest first; returns how many leases. */
export async function reapLeases(
  session: Session,
  { now, limit }: { now: Timestamp; limit: number },
  context: ModelContext,
): Promise<number> {
  const expired = leasesOf(session).where('expiration', '<', now).orderBy('expiration').limit(limit)
  const leases = await session.all(lockRows(session, expired, { skipLocked: true }))
  await giveBack(session, leases, context)
  return leases.length
}

function leasesOf(session: Session) {
  return session.build.selectFrom('concurrency_lease').selectAll()
}

/** The leases are locked, then their limits in the order of ids: the same order everywhere. */
async function giveBack(session: Session, leases: readonly LeaseRow[], context: ModelContext): Promise<void> {
  if (leases.length === 0) return
  const { build } = session
  const ids = leases.map((lease) => lease.id)
  const links = await session.all(
    build
      .selectFrom('concurrency_lease_limit')
      .selectAll()
      .where(inList(session, 'lease_id', ids)),
  )
  await session.run(build.deleteFrom('concurrency_lease').where(inList(session, 'id', ids)))
  const limits = await limitsBy(session, 'id', [...new Set(links.map((link) => link.limit_id))], true)
  const now = context.clock.now()
  const counts = new Map(limits.map((limit) => [limit.id, countedAt(limit, now, context.settings)]))
  const byId = new Map(leases.map((lease) => [lease.id, lease]))
  for (const { lease_id, limit_id } of links) {
    const lease = byId.get(lease_id) as LeaseRow
    const limit = counts.get(limit_id)
    const occupancy = Math.max(0, now - lease.created) / MICROSECONDS
    if (limit) counts.set(limit_id, withoutSlots(limit, lease.slots, occupancy))
  }
  const freed = [...counts.values()]
  await storeCounts(session, freed, now)
  tellFreed(session, freed, context)
}
