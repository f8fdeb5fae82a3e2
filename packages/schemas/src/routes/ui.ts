import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { poolFilter, runFilters } from '../filters/run-filters.ts'
import { TaskRunFilter } from '../filters/task-run-filter.ts'
import { WorkQueueFilter } from '../filters/work-queue-filter.ts'
import { Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { JsonRecord, Uuid, int } from '../scalars.ts'
import { FlowRunSort } from '../sorts.ts'
import {
  CountByState,
  SchemaValuesValidation,
  SimpleFlowRun,
  SimpleNextFlowRun,
  TaskRunCount,
  UITaskRun,
} from '../ui.ts'
import { idParams } from './params.ts'

const tag = 'ui'
const countById = z.record(z.string(), z.int())

export const countDeploymentsByFlow = route({
  id: 'countDeploymentsByFlow',
  method: 'POST',
  path: '/ui/flows/count-deployments',
  tag,
  summary: 'Count the deployments of flows',
  body: embedded({ flow_ids: z.array(Uuid) }),
  responses: { 200: countById },
})

export const nextRunsByFlow = route({
  id: 'nextRunsByFlow',
  method: 'POST',
  path: '/ui/flows/next-runs',
  tag,
  summary: 'Read the next scheduled run of flows',
  body: embedded({ flow_ids: z.array(Uuid) }),
  responses: { 200: z.record(z.string(), SimpleNextFlowRun.nullable()) },
})

export const flowRunDots = route({
  id: 'flowRunDots',
  method: 'POST',
  path: '/ui/flow_runs/history',
  tag,
  summary: 'List flow runs as dots of a chart',
  body: embedded({
    sort: FlowRunSort.default('EXPECTED_START_TIME_DESC'),
    limit: int({ le: 1000 }).default(1000),
    offset: Offset,
    ...runFilters,
    ...poolFilter,
  }),
  bodyOptional: true,
  responses: { 200: z.array(SimpleFlowRun) },
})

export const countTaskRunsByFlowRun = route({
  id: 'countTaskRunsByFlowRun',
  method: 'POST',
  path: '/ui/flow_runs/count-task-runs',
  tag,
  summary: 'Count the task runs of flow runs',
  body: embedded({ flow_run_ids: z.array(Uuid) }),
  responses: { 200: countById },
})

export const validateSchemaValues = route({
  id: 'validateSchemaValues',
  method: 'POST',
  path: '/ui/schemas/validate',
  tag,
  summary: 'Check values against a JSON Schema',
  body: embedded({ schema: JsonRecord, values: JsonRecord }),
  responses: { 200: SchemaValuesValidation },
})

export const dashboardTaskRunCounts = route({
  id: 'dashboardTaskRunCounts',
  method: 'POST',
  path: '/ui/task_runs/dashboard/counts',
  tag,
  summary: 'Count finished task runs over twenty slices of time',
  body: embedded({
    ...runFilters,
    ...poolFilter,
    task_runs: TaskRunFilter,
    work_queues: WorkQueueFilter.optional(),
  }),
  responses: { 200: z.array(TaskRunCount) },
})

export const countTaskRunsByState = route({
  id: 'countTaskRunsByState',
  method: 'POST',
  path: '/ui/task_runs/count',
  tag,
  summary: 'Count task runs by state type',
  body: embedded(runFilters),
  bodyOptional: true,
  responses: { 200: CountByState },
})

export const readUITaskRun = route({
  id: 'readUITaskRun',
  method: 'GET',
  path: '/ui/task_runs/:id',
  tag,
  summary: 'Read a task run with the name of its flow run',
  params: idParams,
  responses: { 200: UITaskRun },
})
