import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

/** A flow as the contract prints it. */
export function wireFlow(flow: Row<'flow'>) {
  return {
    id: flow.id,
    created: formatTimestamp(flow.created),
    updated: formatTimestamp(flow.updated),
    name: flow.name,
    tags: flow.tags,
    labels: flow.labels,
  }
}
