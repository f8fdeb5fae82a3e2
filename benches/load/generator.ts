import { loadEvents } from './event-load.ts'
import type { EventJob } from './event-load.ts'
import { loadTaskRuns } from './task-run-load.ts'
import type { TaskRunJob } from './task-run-load.ts'

export type Job = ({ kind: 'task runs' } & TaskRunJob) | ({ kind: 'events' } & EventJob)

/** The load comes from a process of its own: each message is a job, each answer what came of it. */
process.on('message', async (job: Job) => {
  process.send?.(job.kind === 'events' ? await loadEvents(job) : await loadTaskRuns(job))
})
