import { taskTransform } from '../rule.ts'

/** Counts the attempts of a task run. */
export const countTaskRuns = taskTransform({
  name: 'count-task-runs',
  before({ run }, proposed) {
    if (proposed.type === 'RUNNING') run.run_count += 1
  },
})
