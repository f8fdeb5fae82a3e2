import { hasPersistedResult, isResultObject } from '../persisted-result.ts'
import { flowRule } from '../rule.ts'
import { TERMINAL } from '../state-sets.ts'

/** Even by force, a COMPLETED state with a stored result does not give way to one without. */
export const preventResultLoss = flowRule({
  name: 'prevent-result-loss',
  from: TERMINAL,
  to: TERMINAL,
  before(transition, proposed) {
    const { current } = transition
    if (current?.type !== 'COMPLETED' || proposed.type !== 'COMPLETED') return
    if (hasPersistedResult(current.data) && !isResultObject(proposed.data)) {
      transition.keep('The new COMPLETED state would lose the stored result.')
    }
  },
})
