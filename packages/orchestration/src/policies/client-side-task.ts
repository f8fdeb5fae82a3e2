import { definePolicy } from '../policy.ts'
import type { Step } from '../rule.ts'
import { copyScheduledTime } from '../rules/copy-scheduled-time.ts'
import { handleTaskTerminalTransitions } from '../rules/handle-task-terminal-transitions.ts'
import { insertIntoCache } from '../rules/insert-into-cache.ts'
import { preventTasksOfStoppedFlows } from '../rules/prevent-tasks-of-stopped-flows.ts'
import { releaseTagSlots } from '../rules/release-tag-slots.ts'
import { renameReruns } from '../rules/rename-reruns.ts'
import { retrieveCachedState } from '../rules/retrieve-cached-state.ts'
import { retryFailedTasks } from '../rules/retry-failed-tasks.ts'
import { trackFlowAttempt } from '../rules/track-flow-attempt.ts'
import { waitForScheduledTime } from '../rules/wait-for-scheduled-time.ts'
import type { TaskFacts } from '../types.ts'
import { taskTransforms } from './global-transforms.ts'

const rules: Step<TaskFacts>[] = [
  retrieveCachedState,
  handleTaskTerminalTransitions,
  preventTasksOfStoppedFlows,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailedTasks,
  renameReruns,
  trackFlowAttempt,
  insertIntoCache,
  releaseTagSlots,
]

/** For clients that govern their tasks themselves and take the slots of tags themselves. */
export const clientSideTaskPolicy = definePolicy<TaskFacts>(
  'client-side-task',
  { '3.8': rules, '2.20': rules },
  taskTransforms,
)
