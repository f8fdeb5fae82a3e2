import { flowRule } from '../rule.ts'
import type { StateSet } from '../state-sets.ts'
import { anyExcept } from '../state-sets.ts'

const enforceFrom = (name: string, from: StateSet) =>
  flowRule({
    name,
    from,
    to: anyExcept('CANCELLED'),
    before(transition) {
      transition.keep('A run that is being cancelled can only become CANCELLED.')
    },
  })

export const enforceCancellingToCancelled = enforceFrom('enforce-cancelling-to-cancelled', ['CANCELLING'])

/** For 2.20, a cancelled run is never run again either. */
export const enforceCancelledForGood = enforceFrom('enforce-cancelled-for-good', ['CANCELLED', 'CANCELLING'])
