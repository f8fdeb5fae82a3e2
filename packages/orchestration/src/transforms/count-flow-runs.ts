import { knowsPausing } from '../client-version.ts'
import { flowTransform } from '../rule.ts'

/** Counts the attempts of a flow run; to take a suspended one up again is no new attempt. */
export const countFlowRuns = flowTransform({
  name: 'count-flow-runs',
  before({ facts, run }, proposed) {
    if (proposed.type !== 'RUNNING') return
    if (run.empirical_policy.resuming && knowsPausing(facts.client)) return
    run.run_count += 1
  },
})
