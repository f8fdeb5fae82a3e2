import type { Facts, Transform } from '../rule.ts'
import type { FlowFacts, TaskFacts } from '../types.ts'
import { clearResuming } from '../transforms/clear-resuming.ts'
import { countFlowRuns } from '../transforms/count-flow-runs.ts'
import { countTaskRuns } from '../transforms/count-task-runs.ts'
import { endTime } from '../transforms/end-time.ts'
import { expectedStartTime } from '../transforms/expected-start-time.ts'
import { mirrorToParent } from '../transforms/mirror-to-parent.ts'
import { nextScheduledStartTime } from '../transforms/next-scheduled-start-time.ts'
import { stampFlowIds } from '../transforms/stamp-flow-ids.ts'
import { stampTaskIds } from '../transforms/stamp-task-ids.ts'
import { startTime } from '../transforms/start-time.ts'
import { totalRunTime } from '../transforms/total-run-time.ts'
import { uniqueTimestamp } from '../transforms/unique-timestamp.ts'

const runTimes: Transform<Facts>[] = [
  startTime,
  endTime,
  totalRunTime,
  expectedStartTime,
  nextScheduledStartTime,
]

/** What follows every flow policy. The timestamp comes first: the others read it. */
export const flowTransforms: Transform<FlowFacts>[] = [
  uniqueTimestamp,
  ...runTimes,
  stampFlowIds,
  mirrorToParent,
  countFlowRuns,
  clearResuming,
]

/** What follows every task policy. */
export const taskTransforms: Transform<TaskFacts>[] = [...runTimes, stampTaskIds, countTaskRuns]
