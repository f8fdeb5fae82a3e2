import { definePolicy } from '../policy.ts'
import type { Step } from '../rule.ts'
import { copyScheduledTime } from '../rules/copy-scheduled-time.ts'
import { copyTaskParametersId } from '../rules/copy-task-parameters-id.ts'
import { enqueueBackgroundTasks } from '../rules/enqueue-background-tasks.ts'
import { handleTaskTerminalTransitions } from '../rules/handle-task-terminal-transitions.ts'
import { insertIntoCache } from '../rules/insert-into-cache.ts'
import { preventPending } from '../rules/prevent-pending.ts'
import { releaseTagSlots } from '../rules/release-tag-slots.ts'
import { renameReruns } from '../rules/rename-reruns.ts'
import { retrieveCachedState } from '../rules/retrieve-cached-state.ts'
import { retryFailedTasks } from '../rules/retry-failed-tasks.ts'
import { trackFlowAttempt } from '../rules/track-flow-attempt.ts'
import { waitForScheduledTime } from '../rules/wait-for-scheduled-time.ts'
import type { TaskFacts } from '../types.ts'
import { taskTransforms } from './global-transforms.ts'

const rules: Step<TaskFacts>[] = [
  preventPending,
  retrieveCachedState,
  handleTaskTerminalTransitions,
  copyScheduledTime,
  copyTaskParametersId,
  waitForScheduledTime,
  retryFailedTasks,
  renameReruns,
  trackFlowAttempt,
  insertIntoCache,
  releaseTagSlots,
  enqueueBackgroundTasks,
]

/** For tasks that run apart from any flow, on workers which fetch them from a queue. */
export const backgroundTaskPolicy = definePolicy<TaskFacts>(
  'background-task',
  { '3.8': rules, '2.20': rules },
  taskTransforms,
)
