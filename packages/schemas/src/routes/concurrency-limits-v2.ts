import { z } from 'zod'
import {
  ConcurrencyLeaseHolder,
  ConcurrencyLimitV2,
  ConcurrencyLimitV2Create,
  ConcurrencyLimitV2Update,
  ConcurrencyLimitWithLease,
  GlobalConcurrencyLimit,
  LeaseDuration,
  MinimalConcurrencyLimit,
} from '../concurrency-limit-v2.ts'
import { embedded } from '../embedded.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { Bool, Uuid, float, int } from '../scalars.ts'

const tag = 'concurrency-limits-v2'
const limitParams = z.object({ id_or_name: z.string() })
const slots = { slots: int({ gt: 0 }), names: z.array(z.string()) }
const mode = z.enum(['concurrency', 'rate_limit']).default('concurrency')
const ignored = { create_if_missing: Bool.optional() }

export const createConcurrencyLimitV2 = route({
  id: 'createConcurrencyLimitV2',
  method: 'POST',
  path: '/v2/concurrency_limits/',
  tag,
  summary: 'Create a limit',
  body: ConcurrencyLimitV2Create,
  responses: { 201: ConcurrencyLimitV2 },
})

export const readConcurrencyLimitV2 = route({
  id: 'readConcurrencyLimitV2',
  method: 'GET',
  path: '/v2/concurrency_limits/:id_or_name',
  tag,
  summary: 'Read a limit by its id or its name',
  params: limitParams,
  responses: { 200: GlobalConcurrencyLimit },
})

export const filterConcurrencyLimitsV2 = route({
  id: 'filterConcurrencyLimitsV2',
  method: 'POST',
  path: '/v2/concurrency_limits/filter',
  tag,
  summary: 'List limits by name',
  body: embedded({ limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(GlobalConcurrencyLimit) },
})

export const updateConcurrencyLimitV2 = route({
  id: 'updateConcurrencyLimitV2',
  method: 'PATCH',
  path: '/v2/concurrency_limits/:id_or_name',
  tag,
  summary: 'Change fields of a limit',
  params: limitParams,
  body: ConcurrencyLimitV2Update,
  responses: { 204: null },
})

export const deleteConcurrencyLimitV2 = route({
  id: 'deleteConcurrencyLimitV2',
  method: 'DELETE',
  path: '/v2/concurrency_limits/:id_or_name',
  tag,
  summary: 'Delete a limit',
  params: limitParams,
  responses: { 204: null },
})

export const incrementConcurrencyLimits = route({
  id: 'incrementConcurrencyLimits',
  method: 'POST',
  path: '/v2/concurrency_limits/increment',
  tag,
  summary: 'Take slots of several limits, all or none',
  body: embedded({ ...slots, mode, ...ignored }),
  responses: { 200: z.array(MinimalConcurrencyLimit) },
})

export const incrementConcurrencyLimitsWithLease = route({
  id: 'incrementConcurrencyLimitsWithLease',
  method: 'POST',
  path: '/v2/concurrency_limits/increment-with-lease',
  tag,
  summary: 'Take slots of several limits, all or none, for as long as the lease is renewed',
  body: embedded({
    ...slots,
    mode,
    lease_duration: LeaseDuration,
    holder: ConcurrencyLeaseHolder.optional(),
  }),
  responses: { 200: ConcurrencyLimitWithLease },
})

export const decrementConcurrencyLimits = route({
  id: 'decrementConcurrencyLimits',
  method: 'POST',
  path: '/v2/concurrency_limits/decrement',
  tag,
  summary: 'Give slots back',
  body: embedded({ ...slots, occupancy_seconds: float({ gt: 0 }).optional(), ...ignored }),
  responses: { 200: z.array(MinimalConcurrencyLimit) },
})

export const decrementConcurrencyLimitsWithLease = route({
  id: 'decrementConcurrencyLimitsWithLease',
  method: 'POST',
  path: '/v2/concurrency_limits/decrement-with-lease',
  tag,
  summary: 'Give back the slots of a lease',
  body: embedded({ lease_id: Uuid }),
  responses: { 204: null },
})

export const renewConcurrencyLease = route({
  id: 'renewConcurrencyLease',
  method: 'POST',
  path: '/v2/concurrency_limits/leases/:lease_id/renew',
  tag,
  summary: 'Keep a lease alive; 410 when it is gone',
  params: z.object({ lease_id: Uuid }),
  body: embedded({ lease_duration: LeaseDuration }),
  bodyOptional: true,
  responses: { 204: null },
})
