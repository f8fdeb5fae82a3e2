import type { Endpoint } from '../endpoint.ts'
import { createConcurrencyLimitV2 } from './create.ts'
import { decrementConcurrencyLimitsWithLease } from './decrement-with-lease.ts'
import { decrementConcurrencyLimits } from './decrement.ts'
import { deleteConcurrencyLimitV2 } from './delete.ts'
import { filterConcurrencyLimitsV2 } from './filter.ts'
import { incrementConcurrencyLimitsWithLease } from './increment-with-lease.ts'
import { incrementConcurrencyLimits } from './increment.ts'
import { readConcurrencyLimitV2 } from './read.ts'
import { renewConcurrencyLease } from './renew-lease.ts'
import { updateConcurrencyLimitV2 } from './update.ts'

export const CONCURRENCY_LIMIT_V2_ENDPOINTS: readonly Endpoint[] = [
  createConcurrencyLimitV2,
  readConcurrencyLimitV2,
  filterConcurrencyLimitsV2,
  updateConcurrencyLimitV2,
  deleteConcurrencyLimitV2,
  incrementConcurrencyLimits,
  incrementConcurrencyLimitsWithLease,
  decrementConcurrencyLimits,
  decrementConcurrencyLimitsWithLease,
  renewConcurrencyLease,
]
