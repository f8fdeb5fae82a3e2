import { filterTaskWorkers as route } from '@reeve/schemas/routes/task-workers'
import { formatTimestamp } from '@reeve/schemas/time'
import { readTaskWorkers } from '../../models/task-workers.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const filterTaskWorkers = endpoint(route, async ({ context, body, now }) => {
  const keys = body.task_worker_filter?.task_keys ?? []
  const workers = await context.database.read((session) => readTaskWorkers(session, keys, now))
  return ok(workers.map(({ heard, ...worker }) => ({ ...worker, timestamp: formatTimestamp(heard) })))
})
