import { isTerminal } from '@reeve/schemas/state-type'
import { knowsPausing } from '../client-version.ts'
import { hasPersistedResult, hasResult, isResultObject } from '../persisted-result.ts'
import { flowRule } from '../rule.ts'
import { ANY, TERMINAL } from '../state-sets.ts'

/** A finished flow run may be run again, unless a stored result would be lost with it. */
export const handleFlowTerminalTransitions = flowRule({
  name: 'handle-flow-terminal-transitions',
  from: TERMINAL,
  to: ANY,
  before(transition, proposed) {
    const { current, facts, run } = transition
    if (current === null) return
    const { type } = proposed
    if (type === 'CANCELLING' || type === 'PAUSED' || type === 'CRASHED') {
      return transition.abort(`The run has ended as ${current.type}.`)
    }
    const leaves = !isTerminal(type)
    if (current.type === 'COMPLETED') {
      const isNewer = facts.client.generation === '3.8'
      const persisted = isNewer ? hasPersistedResult(current.data) : hasResult(current.data)
      if (persisted && leaves) return transition.keep('The run is COMPLETED and its result is stored.')
      if (persisted && isNewer && type === 'COMPLETED' && !isResultObject(proposed.data)) {
        return transition.keep('The new COMPLETED state would lose the stored result.')
      }
    }
    if (type === 'SCHEDULED' && run.deployment_id === null) {
      return transition.abort('A run without a deployment cannot be scheduled again.')
    }
    if (leaves && knowsPausing(facts.client)) {
      run.empirical_policy = {
        ...run.empirical_policy,
        resuming: false,
        pause_keys: [],
        retry_type: type === 'SCHEDULED' ? 'reschedule' : null,
      }
    }
  },
  cleanup({ facts, run }) {
    run.empirical_policy = facts.run.empirical_policy
  },
})
