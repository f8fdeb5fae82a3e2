import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { FlowRunFilter } from '../filters/flow-run-filter.ts'
import { flowRunFilters, poolFilter, runFilters } from '../filters/run-filters.ts'
import { WorkQueueFilter } from '../filters/work-queue-filter.ts'
import {
  FlowRun,
  FlowRunBulkDeleteResponse,
  FlowRunBulkSetStateResponse,
  FlowRunCreate,
  FlowRunPage,
  FlowRunUpdate,
} from '../flow-run.ts'
import { DependencyResult, Graph } from '../graph.ts'
import { HistoryBar } from '../history.ts'
import { BulkLimit, Limit, Offset, PageNumber } from '../pagination.ts'
import { route } from '../route.ts'
import { Bool, DurationInput, JsonRecord, Labels, Seconds, TimestampInput } from '../scalars.ts'
import { FlowRunSort } from '../sorts.ts'
import { OrchestrationResult, StateCreate } from '../state.ts'
import { idParams } from './params.ts'

const tag = 'flow-runs'
const sort = FlowRunSort.default('ID_DESC')

export const createFlowRun = route({
  id: 'createFlowRun',
  method: 'POST',
  path: '/flow_runs/',
  tag,
  summary: 'Create a flow run',
  body: FlowRunCreate,
  responses: { 200: FlowRun, 201: FlowRun },
})

export const updateFlowRun = route({
  id: 'updateFlowRun',
  method: 'PATCH',
  path: '/flow_runs/:id',
  tag,
  summary: 'Change fields of a flow run',
  params: idParams,
  body: FlowRunUpdate,
  responses: { 204: null },
})

export const countFlowRuns = route({
  id: 'countFlowRuns',
  method: 'POST',
  path: '/flow_runs/count',
  tag,
  summary: 'Count flow runs',
  body: embedded(flowRunFilters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const flowRunLateness = route({
  id: 'flowRunLateness',
  method: 'POST',
  path: '/flow_runs/lateness',
  tag,
  summary: 'Average lateness of flow runs, in seconds; null when none match',
  body: embedded(flowRunFilters),
  bodyOptional: true,
  responses: { 200: Seconds.nullable() },
})

export const flowRunHistory = route({
  id: 'flowRunHistory',
  method: 'POST',
  path: '/flow_runs/history',
  tag,
  summary: 'Count flow runs by state over intervals of time',
  body: embedded({
    history_start: TimestampInput,
    history_end: TimestampInput,
    history_interval_seconds: DurationInput,
    ...runFilters,
    ...poolFilter,
    work_queues: WorkQueueFilter.optional(),
  }),
  responses: { 200: z.array(HistoryBar) },
})

export const readFlowRun = route({
  id: 'readFlowRun',
  method: 'GET',
  path: '/flow_runs/:id',
  tag,
  summary: 'Read a flow run',
  params: idParams,
  responses: { 200: FlowRun },
})

export const readFlowRunGraphV1 = route({
  id: 'readFlowRunGraphV1',
  method: 'GET',
  path: '/flow_runs/:id/graph',
  tag,
  summary: 'Read the task runs of a flow run and their dependencies',
  params: idParams,
  responses: { 200: z.array(DependencyResult) },
})

export const readFlowRunGraphV2 = route({
  id: 'readFlowRunGraphV2',
  method: 'GET',
  path: '/flow_runs/:id/graph-v2',
  tag,
  summary: 'Read the graph of a flow run',
  params: idParams,
  query: z.object({ since: TimestampInput.optional() }),
  responses: { 200: Graph },
})

export const resumeFlowRun = route({
  id: 'resumeFlowRun',
  method: 'POST',
  path: '/flow_runs/:id/resume',
  tag,
  summary: 'Resume a paused flow run',
  params: idParams,
  body: embedded({ run_input: JsonRecord.optional() }),
  bodyOptional: true,
  responses: { 200: OrchestrationResult, 201: OrchestrationResult },
})

export const filterFlowRuns = route({
  id: 'filterFlowRuns',
  method: 'POST',
  path: '/flow_runs/filter',
  tag,
  summary: 'List flow runs',
  body: embedded({ ...flowRunFilters, sort, limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(FlowRun) },
})

export const paginateFlowRuns = route({
  id: 'paginateFlowRuns',
  method: 'POST',
  path: '/flow_runs/paginate',
  tag,
  summary: 'List flow runs, a page at a time',
  body: embedded({ ...flowRunFilters, sort, limit: Limit, page: PageNumber }),
  bodyOptional: true,
  responses: { 200: FlowRunPage },
})

export const deleteFlowRun = route({
  id: 'deleteFlowRun',
  method: 'DELETE',
  path: '/flow_runs/:id',
  tag,
  summary: 'Delete a flow run with its task runs',
  params: idParams,
  responses: { 204: null },
})

export const bulkDeleteFlowRuns = route({
  id: 'bulkDeleteFlowRuns',
  method: 'POST',
  path: '/flow_runs/bulk_delete',
  tag,
  summary: 'Delete the flow runs that match',
  body: embedded({ flow_runs: FlowRunFilter.optional(), limit: BulkLimit }),
  bodyOptional: true,
  responses: { 200: FlowRunBulkDeleteResponse },
})

export const bulkSetFlowRunState = route({
  id: 'bulkSetFlowRunState',
  method: 'POST',
  path: '/flow_runs/bulk_set_state',
  tag,
  summary: 'Propose one state to the flow runs that match',
  body: embedded({
    flow_runs: FlowRunFilter.optional(),
    state: StateCreate,
    force: Bool.default(false),
    limit: BulkLimit,
  }),
  responses: { 200: FlowRunBulkSetStateResponse },
})

export const setFlowRunState = route({
  id: 'setFlowRunState',
  method: 'POST',
  path: '/flow_runs/:id/set_state',
  tag,
  summary: 'Propose a state to a flow run',
  params: idParams,
  body: embedded({ state: StateCreate, force: Bool.default(false) }),
  responses: { 200: OrchestrationResult, 201: OrchestrationResult },
})

export const downloadFlowRunLogs = route({
  id: 'downloadFlowRunLogs',
  method: 'GET',
  path: '/flow_runs/:id/logs/download',
  tag,
  summary: 'Download the logs of a flow run, oldest first',
  params: idParams,
  responses: { 200: z.string() },
  produces: 'text/csv',
})

export const updateFlowRunLabels = route({
  id: 'updateFlowRunLabels',
  method: 'PATCH',
  path: '/flow_runs/:id/labels',
  tag,
  summary: 'Merge labels into those of a flow run',
  params: idParams,
  body: Labels,
  responses: { 204: null },
})
