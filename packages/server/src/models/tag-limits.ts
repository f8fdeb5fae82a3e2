import type { ConcurrencyLimitCreate } from '@reeve/schemas/concurrency-limit'
import { UNENDING_LEASE_SECONDS } from '@reeve/orchestration/unending-lease'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import {
  createConcurrencyLimit,
  deleteConcurrencyLimit,
  limitsBy,
  readConcurrencyLimits,
  storeCounts,
  updateConcurrencyLimit,
} from './concurrency-limits.ts'
import { createLease } from './leases.ts'
import { TAG_PREFIX } from './limit-counts.ts'
import type { LimitRow } from './limit-counts.ts'

/** A limit on a tag with the task runs that hold its slots, as the first version of the API shows it. */
export interface TagLimit extends LimitRow {
  holders: string[]
}

export type TagLimitKey = { id: string } | { tag: string }

/** Creates the limit of a tag, or sets the one that is there. */
export async function putTagLimit(
  session: Session,
  { tag, concurrency_limit: limit }: ConcurrencyLimitCreate,
  context: ModelContext,
): Promise<{ limit: TagLimit; created: boolean }> {
  const name = TAG_PREFIX + tag
  const updated = await updateConcurrencyLimit(session, { name }, { limit, active: true }, context)
  if (!updated) {
    const fresh = { name, limit, active: true, active_slots: 0, denied_slots: 0, slot_decay_per_second: 0 }
    await createConcurrencyLimit(session, fresh, context)
  }
  return { limit: (await readTagLimit(session, { tag })) as TagLimit, created: !updated }
}

export async function readTagLimit(session: Session, key: TagLimitKey): Promise<TagLimit | undefined> {
  const row = await storedTagLimit(session, key, false)
  return row && (await withHolders(session, [row]))[0]
}

export async function readTagLimits(
  session: Session,
  page: { limit: number; offset: number },
  context: ModelContext,
): Promise<TagLimit[]> {
  return withHolders(session, await readConcurrencyLimits(session, { ...page, ofTags: true }, context))
}

/** Takes all slots away and gives one to each of the named task runs, be it more than the limit. */
export async function resetTagLimit(
  session: Session,
  key: TagLimitKey,
  taskRunIds: readonly string[],
  context: ModelContext,
): Promise<boolean> {
  const limit = await storedTagLimit(session, key, true)
  if (!limit) return false
  await endLeases(session, limit.id)
  const ids = new Set(taskRunIds)
  await storeCounts(session, [{ ...limit, active_slots: ids.size }], context.clock.now())
  for (const id of ids) {
    const lease = {
      id: context.ids.random(),
      slots: 1,
      seconds: UNENDING_LEASE_SECONDS,
      holder: { type: 'task_run' as const, id },
      limitIds: [limit.id],
    }
    await createLease(session, lease, context)
  }
  return true
}

/** Deletes the limit and ends the leases on it; false when there is none. */
export async function deleteTagLimit(
  session: Session,
  key: TagLimitKey,
  context: ModelContext,
): Promise<boolean> {
  const limit = await storedTagLimit(session, key, true)
  if (!limit) return false
  await endLeases(session, limit.id)
  return deleteConcurrencyLimit(session, { id: limit.id }, context)
}

async function storedTagLimit(
  session: Session,
  key: TagLimitKey,
  lock: boolean,
): Promise<LimitRow | undefined> {
  const [row] = await limitsBy(session, ...storedKey(key), lock)
  return row?.name.startsWith(TAG_PREFIX) ? row : undefined
}

function storedKey(key: TagLimitKey): ['id' | 'name', string[]] {
  return 'id' in key ? ['id', [key.id]] : ['name', [TAG_PREFIX + key.tag]]
}

async function withHolders(session: Session, limits: readonly LimitRow[]): Promise<TagLimit[]> {
  const ids = limits.map((limit) => limit.id)
  const query = session.build
    .selectFrom('concurrency_lease_limit')
    .innerJoin('concurrency_lease', 'concurrency_lease.id', 'lease_id')
    .select(['limit_id', 'holder_id'])
    .where(inList(session, 'limit_id', ids))
    .where('holder_type', '=', 'task_run')
    .orderBy('created')
  const holders = new Map(ids.map((id) => [id, new Set<string>()]))
  for (const { limit_id, holder_id } of await session.all(query)) {
    if (holder_id) holders.get(limit_id)?.add(holder_id)
  }
  return limits.map((limit) => ({ ...limit, holders: [...(holders.get(limit.id) ?? [])] }))
}

/** Takes a limit out of all leases; a lease of nothing else ends. */
async function endLeases(session: Session, limitId: string): Promise<void> {
  const { build } = session
  const links = await session.all(
    build.selectFrom('concurrency_lease_limit').select('lease_id').where('limit_id', '=', limitId),
  )
  if (links.length === 0) return
  await session.run(build.deleteFrom('concurrency_lease_limit').where('limit_id', '=', limitId))
  const ids = links.map((link) => link.lease_id)
  await session.run(
    build
      .deleteFrom('concurrency_lease')
      .where(inList(session, 'id', ids))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('concurrency_lease_limit')
              .select('lease_id')
              .whereRef('lease_id', '=', 'concurrency_lease.id'),
          ),
        ),
      ),
  )
}
