import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

/** A value handed to a flow run, as the contract prints it. */
export function wireFlowRunInput(input: Row<'flow_run_input'>) {
  return {
    id: input.id,
    created: formatTimestamp(input.created),
    updated: formatTimestamp(input.updated),
    flow_run_id: input.flow_run_id,
    key: input.key,
    value: input.value,
    sender: input.sender,
  }
}
