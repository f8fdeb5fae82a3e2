import { z } from 'zod'
import { TimestampText } from './scalars.ts'

/** Which task workers: those that serve any of the keys. */
export const TaskWorkerFilter = z.object({ task_keys: z.array(z.string()) }).meta({ id: 'TaskWorkerFilter' })
export interface TaskWorkerFilter extends z.infer<typeof TaskWorkerFilter> {}

/** A process that waits for background tasks, with the time it was last heard of. */
export const TaskWorker = z
  .object({ identifier: z.string(), task_keys: z.array(z.string()), timestamp: TimestampText })
  .meta({ id: 'TaskWorkerResponse' })
export interface TaskWorker extends z.infer<typeof TaskWorker> {}
