import type { Endpoint } from '../endpoint.ts'
import { countEvents } from './count-by.ts'
import { createEvents } from './create.ts'
import { filterNextEvents } from './filter-next.ts'
import { filterEvents } from './filter.ts'

export const EVENT_ENDPOINTS: readonly Endpoint[] = [
  createEvents,
  filterEvents,
  filterNextEvents,
  countEvents,
]
