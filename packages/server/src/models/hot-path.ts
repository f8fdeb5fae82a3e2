import type { ModelContext } from '../context.ts'
import { batched } from '../database/batcher.ts'
import type { Batched } from '../database/batcher.ts'
import type { Database } from '../database/database.ts'
import { createTaskRuns } from './task-run-creation.ts'
import type { CreatedTaskRun, TaskRunCreation } from './task-run-creation.ts'
import { startTaskRuns } from './task-run-starts.ts'
import type { StartedTaskRun, TaskRunStart } from './task-run-starts.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal, Transitioned } from './task-run-transitions.ts'

/** The writes that come by the thousand: calls that arrive together share a transaction and its statements. */
export interface HotPath {
  createTaskRun: Batched<TaskRunCreation, CreatedTaskRun>
  startTaskRun: Batched<TaskRunStart, StartedTaskRun>
  /** Undefined when there is no such run. */
  setTaskRunState: Batched<TaskRunProposal, Transitioned | undefined>
}

export function createHotPath(database: Database, context: ModelContext): HotPath {
  return {
    createTaskRun: batched<TaskRunCreation, CreatedTaskRun>(database, (session, items) =>
      createTaskRuns(session, items, context),
    ),
    startTaskRun: batched<TaskRunStart, StartedTaskRun>(database, (session, items) =>
      startTaskRuns(session, items, context),
    ),
    setTaskRunState: batched(database, async (session, items) => {
      const results = await transitionTaskRuns(session, items, context)
      return items.map((_, index) => results[index])
    }),
  }
}
