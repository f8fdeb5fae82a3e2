import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

/** A notification policy as the contract prints it. */
export function wireFlowRunNotificationPolicy(policy: Row<'flow_run_notification_policy'>) {
  return {
    id: policy.id,
    created: formatTimestamp(policy.created),
    updated: formatTimestamp(policy.updated),
    is_active: policy.is_active,
    state_names: policy.state_names,
    tags: policy.tags,
    block_document_id: policy.block_document_id,
    message_template: policy.message_template,
  }
}
