import { isTerminal } from '@reeve/schemas/state-type'
import { knowsPausing } from '../client-version.ts'
import { flowTransform } from '../rule.ts'

/** A run that runs or has ended is no longer being resumed. */
export const clearResuming = flowTransform({
  name: 'clear-resuming',
  before({ facts, run }, proposed) {
    if (!run.empirical_policy.resuming || !knowsPausing(facts.client)) return
    if (proposed.type === 'RUNNING' || isTerminal(proposed.type)) {
      run.empirical_policy = { ...run.empirical_policy, resuming: false }
    }
  },
})
