import type { Endpoint } from '../endpoint.ts'
import { createConcurrencyLimit } from './create.ts'
import { decrementConcurrencyLimitsByTag } from './decrement.ts'
import { deleteConcurrencyLimit, deleteConcurrencyLimitByTag } from './delete.ts'
import { filterConcurrencyLimits } from './filter.ts'
import { incrementConcurrencyLimitsByTag } from './increment.ts'
import { readConcurrencyLimit, readConcurrencyLimitByTag } from './read.ts'
import { resetConcurrencyLimitByTag } from './reset.ts'

export const CONCURRENCY_LIMIT_ENDPOINTS: readonly Endpoint[] = [
  createConcurrencyLimit,
  readConcurrencyLimit,
  readConcurrencyLimitByTag,
  filterConcurrencyLimits,
  resetConcurrencyLimitByTag,
  deleteConcurrencyLimit,
  deleteConcurrencyLimitByTag,
  incrementConcurrencyLimitsByTag,
  decrementConcurrencyLimitsByTag,
]
