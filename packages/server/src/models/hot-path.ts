import type { ModelContext } from '../context.ts'
import { batched } from '../database/batcher.ts'
import type { Batched } from '../database/batcher.ts'
import type { Database } from '../database/database.ts'
import type { TaskRunRecord } from './records.ts'
import { createTaskRuns } from './task-run-creation.ts'
import type { CreatedTaskRun, TaskRunCreation } from './task-run-creation.ts'
import { startTaskRuns } from './task-run-starts.ts'
import type { StartedTaskRun, TaskRunStart } from './task-run-starts.ts'
import { takeTaskRuns } from './task-run-takes.ts'
import type { Taken, Taking } from './task-run-takes.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal, Transitioned } from './task-run-transitions.ts'
import { readTaskRunsById } from './task-runs.ts'

/** What comes by the thousand: calls that arrive together share a transaction and its statements. */
export interface HotPath {
  createTaskRun: Batched<TaskRunCreation, CreatedTaskRun>
  startTaskRun: Batched<TaskRunStart, StartedTaskRun>
  /** Undefined when there is no such run. */
  setTaskRunState: Batched<TaskRunProposal, Transitioned | undefined>
  /** For a worker of background runs. */
  takeTaskRun: Batched<Taking, Taken>
  /** By id; undefined when there is no such run. */
  readTaskRun: Batched<string, TaskRunRecord | undefined>
}

export function createHotPath(database: Database, context: ModelContext): HotPath {
  return {
    createTaskRun: batched<TaskRunCreation, CreatedTaskRun>(database, 'write', (session, items) =>
      createTaskRuns(session, items, context),
    ),
    startTaskRun: batched<TaskRunStart, StartedTaskRun>(database, 'write', (session, items) =>
      startTaskRuns(session, items, context),
    ),
    setTaskRunState: batched(database, 'write', async (session, items) => {
      const results = await transitionTaskRuns(session, items, context)
      return items.map((_, index) => results[index])
    }),
    takeTaskRun: batched<Taking, Taken>(database, 'write', (session, takings) =>
      takeTaskRuns(session, takings, context),
    ),
    readTaskRun: batched(database, 'read', async (session, ids) => {
      const runs = await readTaskRunsById(session, ids)
      return ids.map((id) => runs.get(id))
    }),
  }
}
