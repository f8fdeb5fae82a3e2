import { flowRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** A client that lost the answer sends the same transition again; it is told what came of the first. */
export const preventDuplicateTransitions = flowRule({
  name: 'prevent-duplicate-transitions',
  from: ANY,
  to: ANY,
  before(transition, proposed) {
    const made = transition.current?.state_details.transition_id ?? null
    if (made !== null && made === proposed.state_details.transition_id) {
      transition.keep('The run has made this transition already.')
    }
  },
})
