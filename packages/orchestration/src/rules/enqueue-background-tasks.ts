import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** A background task that is scheduled goes to the workers which wait for its key. */
export const enqueueBackgroundTasks = taskRule({
  name: 'enqueue-background-tasks',
  from: ANY,
  to: ['SCHEDULED'],
  after({ facts, run, effects }, written) {
    if (written === null) return
    // 2.20 knows no deferred runs: there, a task run without a flow run is in the background.
    const isBackground =
      facts.client.generation === '2.20' ? run.flow_run_id === null : written.state_details.deferred
    if (!isBackground) return
    const queue = written.name === 'AwaitingRetry' ? 'retry' : 'scheduled'
    effects.push({ type: 'enqueue-task-run', queue })
  },
})
