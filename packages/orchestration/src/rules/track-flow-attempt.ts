import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** Remembers in which attempt of its flow run the task last ran. */
export const trackFlowAttempt = taskRule({
  name: 'track-flow-attempt',
  from: ANY,
  to: ['RUNNING'],
  after({ facts, run }) {
    if (run.flow_run_id !== null && facts.parent) run.flow_run_run_count = facts.parent.run_count
  },
})
