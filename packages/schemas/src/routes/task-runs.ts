import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { runFilters } from '../filters/run-filters.ts'
import { HistoryBar } from '../history.ts'
import { Limit, Offset, PageNumber } from '../pagination.ts'
import { route } from '../route.ts'
import { Bool, DurationInput, TimestampInput } from '../scalars.ts'
import { TaskRunSort } from '../sorts.ts'
import { OrchestrationResult, StateCreate } from '../state.ts'
import { TaskRun, TaskRunCreate, TaskRunPage, TaskRunUpdate } from '../task-run.ts'
import { idParams } from './params.ts'

const tag = 'task-runs'
const sort = TaskRunSort.default('ID_DESC')

export const createTaskRun = route({
  id: 'createTaskRun',
  method: 'POST',
  path: '/task_runs/',
  tag,
  summary: 'Create a task run, or read the one with these keys',
  body: TaskRunCreate,
  responses: { 200: TaskRun, 201: TaskRun },
})

export const updateTaskRun = route({
  id: 'updateTaskRun',
  method: 'PATCH',
  path: '/task_runs/:id',
  tag,
  summary: 'Rename a task run',
  params: idParams,
  body: TaskRunUpdate,
  responses: { 204: null },
})

export const countTaskRuns = route({
  id: 'countTaskRuns',
  method: 'POST',
  path: '/task_runs/count',
  tag,
  summary: 'Count task runs',
  body: embedded(runFilters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const taskRunHistory = route({
  id: 'taskRunHistory',
  method: 'POST',
  path: '/task_runs/history',
  tag,
  summary: 'Count task runs by state over intervals of time',
  body: embedded({
    history_start: TimestampInput,
    history_end: TimestampInput,
    history_interval_seconds: DurationInput,
    ...runFilters,
  }),
  responses: { 200: z.array(HistoryBar) },
})

export const readTaskRun = route({
  id: 'readTaskRun',
  method: 'GET',
  path: '/task_runs/:id',
  tag,
  summary: 'Read a task run',
  params: idParams,
  responses: { 200: TaskRun },
})

export const filterTaskRuns = route({
  id: 'filterTaskRuns',
  method: 'POST',
  path: '/task_runs/filter',
  tag,
  summary: 'List task runs',
  body: embedded({ ...runFilters, sort, limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(TaskRun) },
})

export const paginateTaskRuns = route({
  id: 'paginateTaskRuns',
  method: 'POST',
  path: '/task_runs/paginate',
  tag,
  summary: 'List task runs, a page at a time',
  body: embedded({ ...runFilters, sort, limit: Limit, page: PageNumber }),
  bodyOptional: true,
  responses: { 200: TaskRunPage },
})

export const deleteTaskRun = route({
  id: 'deleteTaskRun',
  method: 'DELETE',
  path: '/task_runs/:id',
  tag,
  summary: 'Delete a task run',
  params: idParams,
  responses: { 204: null },
})

export const setTaskRunState = route({
  id: 'setTaskRunState',
  method: 'POST',
  path: '/task_runs/:id/set_state',
  tag,
  summary: 'Propose a state to a task run',
  params: idParams,
  body: embedded({ state: StateCreate, force: Bool.default(false) }),
  responses: { 200: OrchestrationResult, 201: OrchestrationResult },
})
