import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'

export function wireTime(timestamp: Timestamp | null): string | null {
  return timestamp === null ? null : formatTimestamp(timestamp)
}
