import { formatTimestamp } from '@reeve/schemas/time'
import type { LimitRow } from '../../models/limit-counts.ts'
import { TAG_PREFIX } from '../../models/limit-counts.ts'
import type { TagLimit } from '../../models/tag-limits.ts'

/** A limit with everything that is known of it, as the answer to its creation. */
export function wireLimit(limit: LimitRow) {
  const { slot_decay_per_second, ...global } = wireGlobalLimit(limit)
  const { denied_slots, avg_slot_occupancy_seconds } = limit
  return { ...global, denied_slots, slot_decay_per_second, avg_slot_occupancy_seconds }
}

/** A limit as it is read. */
export function wireGlobalLimit(limit: LimitRow) {
  return {
    id: limit.id,
    created: formatTimestamp(limit.created),
    updated: formatTimestamp(limit.updated),
    active: limit.active,
    name: limit.name,
    limit: limit.limit,
    active_slots: limit.active_slots,
    slot_decay_per_second: limit.slot_decay_per_second,
  }
}

/** What a taker of slots learns of a limit. */
export function wireMinimalLimit({ id, name, limit }: Pick<LimitRow, 'id' | 'name' | 'limit'>) {
  return { id, name, limit }
}

/** The limit of a tag in the first version's form. */
export function wireTagLimit(limit: TagLimit) {
  return {
    id: limit.id,
    created: formatTimestamp(limit.created),
    updated: formatTimestamp(limit.updated),
    tag: limit.name.slice(TAG_PREFIX.length),
    concurrency_limit: limit.limit,
    active_slots: limit.holders,
  }
}
