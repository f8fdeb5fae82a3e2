import { flowRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** The service that marks late runs works on rows which may have moved on meanwhile. */
export const onlyScheduledRunsAreLate = flowRule({
  name: 'only-scheduled-runs-are-late',
  from: ANY,
  to: ['SCHEDULED'],
  before(transition, proposed) {
    const { current, facts } = transition
    if (proposed.name !== 'Late' || current === null) return
    if (current.type !== 'SCHEDULED') return transition.keep('Only a scheduled run can be late.')
    if (facts.client.generation === '3.8' && current.name === 'Late') {
      transition.keep('The run is marked late already.')
    }
  },
})
