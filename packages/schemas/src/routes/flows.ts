import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { FlowFilter } from '../filters/flow-filter.ts'
import { poolFilter, runFilters } from '../filters/run-filters.ts'
import { Flow, FlowBulkDeleteResponse, FlowCreate, FlowPage, FlowUpdate } from '../flow.ts'
import { BulkLimit, Limit, Offset, PageNumber } from '../pagination.ts'
import { route } from '../route.ts'
import { FlowSort } from '../sorts.ts'
import { idParams } from './params.ts'

const tag = 'flows'
const filters = { ...runFilters, ...poolFilter }
const sort = FlowSort.default('NAME_ASC')

export const createFlow = route({
  id: 'createFlow',
  method: 'POST',
  path: '/flows/',
  tag,
  summary: 'Register a flow, or read the one of this name',
  body: FlowCreate,
  responses: { 200: Flow, 201: Flow },
})

export const updateFlow = route({
  id: 'updateFlow',
  method: 'PATCH',
  path: '/flows/:id',
  tag,
  summary: 'Replace the tags of a flow',
  params: idParams,
  body: FlowUpdate,
  responses: { 204: null },
})

export const countFlows = route({
  id: 'countFlows',
  method: 'POST',
  path: '/flows/count',
  tag,
  summary: 'Count flows',
  body: embedded(filters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const readFlowByName = route({
  id: 'readFlowByName',
  method: 'GET',
  path: '/flows/name/:name',
  tag,
  summary: 'Read a flow by its name',
  params: z.object({ name: z.string() }),
  responses: { 200: Flow },
})

export const readFlow = route({
  id: 'readFlow',
  method: 'GET',
  path: '/flows/:id',
  tag,
  summary: 'Read a flow',
  params: idParams,
  responses: { 200: Flow },
})

export const filterFlows = route({
  id: 'filterFlows',
  method: 'POST',
  path: '/flows/filter',
  tag,
  summary: 'List flows',
  body: embedded({ ...filters, sort, limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(Flow) },
})

export const paginateFlows = route({
  id: 'paginateFlows',
  method: 'POST',
  path: '/flows/paginate',
  tag,
  summary: 'List flows, a page at a time',
  body: embedded({ ...filters, sort, limit: Limit, page: PageNumber }),
  bodyOptional: true,
  responses: { 200: FlowPage },
})

export const deleteFlow = route({
  id: 'deleteFlow',
  method: 'DELETE',
  path: '/flows/:id',
  tag,
  summary: 'Delete a flow with its runs and deployments',
  params: idParams,
  responses: { 204: null },
})

export const bulkDeleteFlows = route({
  id: 'bulkDeleteFlows',
  method: 'POST',
  path: '/flows/bulk_delete',
  tag,
  summary: 'Delete the flows that match, with their runs and deployments',
  body: embedded({ flows: FlowFilter.optional(), limit: BulkLimit }),
  bodyOptional: true,
  responses: { 200: FlowBulkDeleteResponse },
})
