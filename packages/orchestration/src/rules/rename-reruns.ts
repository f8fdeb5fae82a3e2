import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** The name of a state tells attempts after the first from it. */
export const renameReruns = taskRule({
  name: 'rename-reruns',
  from: ANY,
  to: ['RUNNING'],
  before({ current, run }, proposed) {
    if (current === null || run.run_count <= 0) return
    proposed.name = current.name === 'AwaitingRetry' ? 'Retrying' : 'Rerunning'
  },
})
