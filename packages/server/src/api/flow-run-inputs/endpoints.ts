import type { Endpoint } from '../endpoint.ts'
import { createFlowRunInput } from './create.ts'
import { deleteFlowRunInput } from './delete.ts'
import { filterFlowRunInput } from './filter.ts'
import { readFlowRunInput } from './read.ts'

export const FLOW_RUN_INPUT_ENDPOINTS: readonly Endpoint[] = [
  createFlowRunInput,
  filterFlowRunInput,
  readFlowRunInput,
  deleteFlowRunInput,
]
