import type { Endpoint } from '../endpoint.ts'
import { readFlowRunState } from './read-flow-run-state.ts'
import { readFlowRunStates } from './read-flow-run-states.ts'
import { readTaskRunState } from './read-task-run-state.ts'
import { readTaskRunStates } from './read-task-run-states.ts'

export const RUN_STATE_ENDPOINTS: readonly Endpoint[] = [
  readFlowRunState,
  readFlowRunStates,
  readTaskRunState,
  readTaskRunStates,
]
