import type { ConcurrencyLimitV2Create, ConcurrencyLimitV2Update } from '@reeve/schemas/concurrency-limit-v2'
import type { Timestamp } from '@reeve/schemas/time'
import { sql } from 'kysely'
import type { SqlBool } from 'kysely'
import type { ModelContext } from '../context.ts'
import { insertRows, updateRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'
import { countedAt, DEPLOYMENT_PREFIX, TAG_PREFIX } from './limit-counts.ts'
import type { LimitRow } from './limit-counts.ts'
import { tellFreed } from './tell-freed.ts'

/** What a slot is held for until something is known. */
const FIRST_OCCUPANCY_SECONDS = 2
const DAY = 86_400_000_000

/** Rejects with an integrity error when the name is taken. */
export async function createConcurrencyLimit(
  session: Session,
  limit: ConcurrencyLimitV2Create,
  context: ModelContext,
): Promise<LimitRow> {
  const now = context.clock.now()
  const row: LimitRow = {
    ...limit,
    id: context.ids.random(),
    created: now,
    updated: now,
    avg_slot_occupancy_seconds: FIRST_OCCUPANCY_SECONDS,
    counted: now,
  }
  await insertRows(session, 'concurrency_limit', [row])
  await tell(session, 'created', row, context)
  return row
}

/** Condition on the table: neither LIKE nor a range of texts means the same in both databases. */
export const isTagLimit = sql<SqlBool>`substr(concurrency_limit.name, 1, 4) = ${sql.lit(TAG_PREFIX)}`

export type LimitKey = { id: string } | { name: string }

/** The limit with the slots that are taken at the moment. */
export async function readConcurrencyLimit(
  session: Session,
  key: LimitKey,
  context: ModelContext,
): Promise<LimitRow | undefined> {
  const row = await storedLimit(session, key)
  return row && countedAt(row, context.clock.now(), context.settings)
}

/** Limits in the order of their names; with `ofTags`, only those on tags. */
export async function readConcurrencyLimits(
  session: Session,
  { limit, offset, ofTags = false }: { limit: number; offset: number; ofTags?: boolean },
  context: ModelContext,
): Promise<LimitRow[]> {
  let query = session.build.selectFrom('concurrency_limit').selectAll()
  if (ofTags) query = query.where(isTagLimit)
  const rows = await session.all(query.orderBy('name').limit(limit).offset(offset))
  const now = context.clock.now()
  return rows.map((row) => countedAt(row, now, context.settings))
}

/** Sets the fields that are present; false when there is no such limit. */
export async function updateConcurrencyLimit(
  session: Session,
  key: LimitKey,
  patch: ConcurrencyLimitV2Update,
  context: ModelContext,
): Promise<boolean> {
  const row = await storedLimit(session, key, true)
  if (!row) return false
  const now = context.clock.now()
  const { active_slots, denied_slots, counted } = countedAt(row, now, context.settings)
  const restarts = patch.active_slots !== undefined || patch.slot_decay_per_second !== undefined
  const set = { active_slots, denied_slots, counted: restarts ? now : counted, ...patch, updated: now }
  const updated = await session.first(
    session.build
      .updateTable('concurrency_limit')
      .set(set as Partial<LimitRow>)
      .where('id', '=', row.id)
      .returningAll(),
  )
  tellFreed(session, [row], context)
  await tell(session, 'updated', updated ?? row, context)
  return true
}

/** False when there is no such limit. */
export async function deleteConcurrencyLimit(
  session: Session,
  key: LimitKey,
  context: ModelContext,
): Promise<boolean> {
  const row = await storedLimit(session, key, true)
  if (!row) return false
  await endUnendingLeases(session, row.id, context.clock.now())
  await session.run(session.build.deleteFrom('concurrency_limit').where('id', '=', row.id))
  tellFreed(session, [row], context)
  await tell(session, 'deleted', row, context)
  return true
}

/** The limit of a deployment is a part of it, and not told of by itself. */
async function tell(
  session: Session,
  action: LifecycleAction,
  { id, name, limit, active, slot_decay_per_second }: LimitRow,
  context: ModelContext,
): Promise<void> {
  if (name.startsWith(DEPLOYMENT_PREFIX)) return
  const payload = { name, limit, active, slot_decay_per_second }
  await tellLifecycle(session, { kind: 'concurrency-limit', action, id, name, payload }, context)
}

/** A lease that only its slots would ever end must not outlive them for ever. */
async function endUnendingLeases(session: Session, limitId: string, now: Timestamp): Promise<void> {
  const { build } = session
  const leases = (comparison: '=' | '!=') =>
    build.selectFrom('concurrency_lease_limit').select('lease_id').where('limit_id', comparison, limitId)
  await session.run(
    build
      .updateTable('concurrency_lease')
      .set({ expiration: now + DAY })
      .where('expiration', '>', now + DAY)
      .where('id', 'in', leases('='))
      .where('id', 'not in', leases('!=')),
  )
}

/** Rows in the order of their ids, which is the order in which everyone locks them. */
export async function limitsBy(
  session: Session,
  column: 'id' | 'name',
  values: readonly string[],
  lock: boolean,
): Promise<LimitRow[]> {
  if (values.length === 0) return []
  const query = session.build
    .selectFrom('concurrency_limit')
    .selectAll()
    .where(inList(session, column, values))
    .orderBy('id')
  return session.all(lock ? lockRows(session, query) : query)
}

async function storedLimit(session: Session, key: LimitKey, lock = false): Promise<LimitRow | undefined> {
  const [row] =
    'id' in key
      ? await limitsBy(session, 'id', [key.id], lock)
      : await limitsBy(session, 'name', [key.name], lock)
  return row
}

/** Writes what was counted. */
export async function storeCounts(
  session: Session,
  limits: readonly LimitRow[],
  now: Timestamp,
): Promise<void> {
  await updateRows(
    session,
    'concurrency_limit',
    ['updated', 'active_slots', 'denied_slots', 'avg_slot_occupancy_seconds', 'counted'],
    limits.map((limit) => ({ ...limit, updated: now })),
  )
}
