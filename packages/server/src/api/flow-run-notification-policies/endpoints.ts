import type { Endpoint } from '../endpoint.ts'
import { createFlowRunNotificationPolicy } from './create.ts'
import { deleteFlowRunNotificationPolicy } from './delete.ts'
import { filterFlowRunNotificationPolicies } from './filter.ts'
import { readFlowRunNotificationPolicy } from './read.ts'
import { updateFlowRunNotificationPolicy } from './update.ts'

export const FLOW_RUN_NOTIFICATION_POLICY_ENDPOINTS: readonly Endpoint[] = [
  createFlowRunNotificationPolicy,
  readFlowRunNotificationPolicy,
  filterFlowRunNotificationPolicies,
  updateFlowRunNotificationPolicy,
  deleteFlowRunNotificationPolicy,
]
