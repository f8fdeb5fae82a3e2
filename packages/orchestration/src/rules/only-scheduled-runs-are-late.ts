import { instantOf } from '../after-seconds.ts'
import { flowRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'
import type { State } from '../types.ts'

/** The service that marks late runs works on rows which may have moved on meanwhile. */
export const onlyScheduledRunsAreLate = flowRule({
  name: 'only-scheduled-runs-are-late',
  from: ANY,
  to: ['SCHEDULED'],
  before(transition, proposed) {
    const { current, facts } = transition
    if (proposed.name !== 'Late' || current === null) return
    if (current.type !== 'SCHEDULED') return transition.keep('Only a scheduled run can be late.')
    if (dueOf(current) !== dueOf(proposed)) return transition.keep('The run was scheduled for another time.')
    if (facts.client.generation === '3.8' && current.name === 'Late') {
      transition.keep('The run is marked late already.')
    }
  },
})

const dueOf = ({ state_details }: State) => instantOf(state_details.scheduled_time)
