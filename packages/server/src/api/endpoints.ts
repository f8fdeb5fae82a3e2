import { BLOCK_DOCUMENT_ENDPOINTS } from './block-documents/endpoints.ts'
import { BLOCK_SCHEMA_ENDPOINTS } from './block-schemas/endpoints.ts'
import { BLOCK_TYPE_ENDPOINTS } from './block-types/endpoints.ts'
import { ROOT_ENDPOINTS } from './root/endpoints.ts'
import { COLLECTION_ENDPOINTS } from './collections/endpoints.ts'
import { ADMIN_ENDPOINTS } from './admin/endpoints.ts'
import { ARTIFACT_ENDPOINTS } from './artifacts/endpoints.ts'
import { CONCURRENCY_LIMIT_ENDPOINTS } from './concurrency-limits/endpoints.ts'
import { CONCURRENCY_LIMIT_V2_ENDPOINTS } from './concurrency-limits-v2/endpoints.ts'
import { DEPLOYMENT_ENDPOINTS } from './deployments/endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { EVENT_ENDPOINTS } from './events/endpoints.ts'
import { FLOW_RUN_INPUT_ENDPOINTS } from './flow-run-inputs/endpoints.ts'
import { FLOW_RUN_ENDPOINTS } from './flow-runs/endpoints.ts'
import { FLOW_ENDPOINTS } from './flows/endpoints.ts'
import { LOG_ENDPOINTS } from './logs/endpoints.ts'
import { RUN_STATE_ENDPOINTS } from './run-states/endpoints.ts'
import { FLOW_RUN_NOTIFICATION_POLICY_ENDPOINTS } from './flow-run-notification-policies/endpoints.ts'
import { SAVED_SEARCH_ENDPOINTS } from './saved-searches/endpoints.ts'
import { TASK_RUN_ENDPOINTS } from './task-runs/endpoints.ts'
import { TASK_WORKER_ENDPOINTS } from './task-workers/endpoints.ts'
import { UI_ENDPOINTS } from './ui/endpoints.ts'
import { VARIABLE_ENDPOINTS } from './variables/endpoints.ts'

/** Everything the API answers, by noun. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...FLOW_ENDPOINTS,
  ...FLOW_RUN_ENDPOINTS,
  ...DEPLOYMENT_ENDPOINTS,
  ...FLOW_RUN_INPUT_ENDPOINTS,
  ...TASK_RUN_ENDPOINTS,
  ...RUN_STATE_ENDPOINTS,
  ...LOG_ENDPOINTS,
  ...EVENT_ENDPOINTS,
  ...SAVED_SEARCH_ENDPOINTS,
  ...FLOW_RUN_NOTIFICATION_POLICY_ENDPOINTS,
  ...TASK_WORKER_ENDPOINTS,
  ...UI_ENDPOINTS,
  ...CONCURRENCY_LIMIT_ENDPOINTS,
  ...CONCURRENCY_LIMIT_V2_ENDPOINTS,
  ...VARIABLE_ENDPOINTS,
  ...BLOCK_DOCUMENT_ENDPOINTS,
  ...BLOCK_SCHEMA_ENDPOINTS,
  ...BLOCK_TYPE_ENDPOINTS,
  ...ROOT_ENDPOINTS,
  ...COLLECTION_ENDPOINTS,
  ...ADMIN_ENDPOINTS,
  ...ARTIFACT_ENDPOINTS,
]
