import type { Endpoint } from '../endpoint.ts'
import { filterTaskWorkers } from './filter.ts'

export const TASK_WORKER_ENDPOINTS: readonly Endpoint[] = [filterTaskWorkers]
