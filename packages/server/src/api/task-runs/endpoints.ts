import type { Endpoint } from '../endpoint.ts'
import { countTaskRuns } from './count.ts'
import { createTaskRun } from './create.ts'
import { deleteTaskRun } from './delete.ts'
import { filterTaskRuns } from './filter.ts'
import { taskRunHistory } from './history.ts'
import { paginateTaskRuns } from './paginate.ts'
import { readTaskRun } from './read.ts'
import { setTaskRunState } from './set-state.ts'
import { startTaskRun } from './start-run.ts'
import { updateTaskRun } from './update.ts'
import { readTaskRunWaiting } from './waiting.ts'

export const TASK_RUN_ENDPOINTS: readonly Endpoint[] = [
  createTaskRun,
  startTaskRun,
  readTaskRun,
  updateTaskRun,
  deleteTaskRun,
  filterTaskRuns,
  paginateTaskRuns,
  countTaskRuns,
  taskRunHistory,
  setTaskRunState,
  readTaskRunWaiting,
]
