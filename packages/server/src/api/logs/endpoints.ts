import type { Endpoint } from '../endpoint.ts'
import { createLogs } from './create.ts'
import { filterLogs } from './filter.ts'

export const LOG_ENDPOINTS: readonly Endpoint[] = [createLogs, filterLogs]
