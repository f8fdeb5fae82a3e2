import { z } from 'zod'
import { ConcurrencyLimit, ConcurrencyLimitCreate } from '../concurrency-limit.ts'
import { MinimalConcurrencyLimit } from '../concurrency-limit-v2.ts'
import { embedded } from '../embedded.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { Uuid } from '../scalars.ts'
import { idParams } from './params.ts'

const tag = 'concurrency-limits'
const tagParams = z.object({ tag: z.string() })
const slots = embedded({ names: z.array(z.string()), task_run_id: Uuid })

export const createConcurrencyLimit = route({
  id: 'createConcurrencyLimit',
  method: 'POST',
  path: '/concurrency_limits/',
  tag,
  summary: 'Create the limit of a tag, or change the one that is there',
  body: ConcurrencyLimitCreate,
  responses: { 200: ConcurrencyLimit, 201: ConcurrencyLimit },
})

export const readConcurrencyLimit = route({
  id: 'readConcurrencyLimit',
  method: 'GET',
  path: '/concurrency_limits/:id',
  tag,
  summary: 'Read a tag limit',
  params: idParams,
  responses: { 200: ConcurrencyLimit },
})

export const readConcurrencyLimitByTag = route({
  id: 'readConcurrencyLimitByTag',
  method: 'GET',
  path: '/concurrency_limits/tag/:tag',
  tag,
  summary: 'Read the limit of a tag',
  params: tagParams,
  responses: { 200: ConcurrencyLimit },
})

export const filterConcurrencyLimits = route({
  id: 'filterConcurrencyLimits',
  method: 'POST',
  path: '/concurrency_limits/filter',
  tag,
  summary: 'List tag limits',
  body: embedded({ limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(ConcurrencyLimit) },
})

export const resetConcurrencyLimitByTag = route({
  id: 'resetConcurrencyLimitByTag',
  method: 'POST',
  path: '/concurrency_limits/tag/:tag/reset',
  tag,
  summary: 'Free the slots of a tag limit, but for those named',
  params: tagParams,
  body: embedded({ slot_override: z.array(Uuid).optional() }),
  bodyOptional: true,
  responses: { 200: z.null() },
})

export const deleteConcurrencyLimit = route({
  id: 'deleteConcurrencyLimit',
  method: 'DELETE',
  path: '/concurrency_limits/:id',
  tag,
  summary: 'Delete a tag limit',
  params: idParams,
  responses: { 200: z.null() },
})

export const deleteConcurrencyLimitByTag = route({
  id: 'deleteConcurrencyLimitByTag',
  method: 'DELETE',
  path: '/concurrency_limits/tag/:tag',
  tag,
  summary: 'Delete the limit of a tag',
  params: tagParams,
  responses: { 200: z.null() },
})

export const incrementConcurrencyLimitsByTag = route({
  id: 'incrementConcurrencyLimitsByTag',
  method: 'POST',
  path: '/concurrency_limits/increment',
  tag,
  summary: 'Take a slot of each tag for a task run',
  body: slots,
  responses: { 200: z.array(MinimalConcurrencyLimit) },
})

export const decrementConcurrencyLimitsByTag = route({
  id: 'decrementConcurrencyLimitsByTag',
  method: 'POST',
  path: '/concurrency_limits/decrement',
  tag,
  summary: 'Give back the slots a task run holds',
  body: slots,
  responses: { 200: z.array(MinimalConcurrencyLimit) },
})
