import { CONCURRENCY_LIMIT_ENDPOINTS } from './concurrency-limits/endpoints.ts'
import { CONCURRENCY_LIMIT_V2_ENDPOINTS } from './concurrency-limits-v2/endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { bulkSetFlowRunState } from './flow-runs/bulk-set-state.ts'
import { createFlowRun } from './flow-runs/create.ts'
import { setFlowRunState } from './flow-runs/set-state.ts'
import { FLOW_ENDPOINTS } from './flows/endpoints.ts'
import { LOG_ENDPOINTS } from './logs/endpoints.ts'
import { RUN_STATE_ENDPOINTS } from './run-states/endpoints.ts'
import { createTaskRun } from './task-runs/create.ts'
import { setTaskRunState } from './task-runs/set-state.ts'
import { VARIABLE_ENDPOINTS } from './variables/endpoints.ts'

/** Everything the API answers, by noun. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...FLOW_ENDPOINTS,
  createFlowRun,
  setFlowRunState,
  bulkSetFlowRunState,
  createTaskRun,
  setTaskRunState,
  ...RUN_STATE_ENDPOINTS,
  ...LOG_ENDPOINTS,
  ...CONCURRENCY_LIMIT_ENDPOINTS,
  ...CONCURRENCY_LIMIT_V2_ENDPOINTS,
  ...VARIABLE_ENDPOINTS,
]
