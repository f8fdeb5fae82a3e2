import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

/** A log line as the contract prints it; a line never changes, so it was updated when it was created. */
export function wireLog(log: Row<'log'>) {
  const created = formatTimestamp(log.created)
  return {
    id: log.id,
    created,
    updated: created,
    name: log.name,
    level: log.level,
    message: log.message,
    timestamp: formatTimestamp(log.timestamp),
    flow_run_id: log.flow_run_id,
    task_run_id: log.task_run_id,
  }
}
