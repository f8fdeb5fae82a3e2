import { isTerminal } from '@reeve/schemas/state-type'
import { hasResult } from '../persisted-result.ts'
import { taskRule } from '../rule.ts'
import { ANY, TERMINAL } from '../state-sets.ts'

/** A finished task runs again, with all its retries, unless its result is stored. */
export const handleTaskTerminalTransitions = taskRule({
  name: 'handle-task-terminal-transitions',
  from: TERMINAL,
  to: ANY,
  before(transition, proposed) {
    const { current, facts, run } = transition
    if (current === null) return
    const { type } = proposed
    if (type === 'CANCELLING' || type === 'PAUSED' || type === 'CRASHED') {
      return transition.abort(`The run has ended as ${current.type}.`)
    }
    if (current.type === 'COMPLETED' && hasResult(current.data)) {
      return transition.keep('The run is COMPLETED and its result is stored.')
    }
    if (!isTerminal(type)) run.run_count = 0
    const isFlowRetry = facts.parent !== undefined && run.flow_run_run_count < facts.parent.run_count
    if (type === 'RUNNING' && isFlowRetry) proposed.name = 'Retrying'
  },
  cleanup({ facts, run }) {
    run.run_count = facts.run.run_count
  },
})
