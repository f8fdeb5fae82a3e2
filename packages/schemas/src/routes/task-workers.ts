import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { route } from '../route.ts'
import { TaskWorker, TaskWorkerFilter } from '../task-worker.ts'

export const filterTaskWorkers = route({
  id: 'filterTaskWorkers',
  method: 'POST',
  path: '/task_workers/filter',
  tag: 'task-workers',
  summary: 'List the processes that wait for background tasks',
  body: embedded({ task_worker_filter: TaskWorkerFilter.optional() }),
  bodyOptional: true,
  responses: { 200: z.array(TaskWorker) },
})
