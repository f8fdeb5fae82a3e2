import { formatTimestamp } from '@reeve/schemas/time'
import type { Reason, Waiting } from '../../models/waiting.ts'
import { wireTime } from './times.ts'

export function wireWaiting({ id, state, reasons }: Waiting) {
  return {
    id,
    state_type: state?.type ?? null,
    state_name: state?.name ?? null,
    waiting: reasons.length > 0,
    reasons: reasons.map(wireReason),
  }
}

function wireReason(reason: Reason) {
  switch (reason.kind) {
    case 'scheduled':
      return { ...reason, scheduled_time: formatTimestamp(reason.scheduled_time) }
    case 'paused':
      return { ...reason, until: wireTime(reason.until) }
    case 'cancelling':
      return { ...reason, since: formatTimestamp(reason.since) }
    case 'limit':
      return {
        kind: reason.kind,
        message: reason.message,
        limit_id: reason.limit.id,
        limit_name: reason.limit.name,
        limit: reason.limit.limit,
        active_slots: reason.limit.active_slots,
        holders: reason.holders.map((holder) => ({
          ...holder,
          since: formatTimestamp(holder.since),
          expiration: formatTimestamp(holder.expiration),
        })),
        position: reason.position,
      }
    default:
      return reason
  }
}
