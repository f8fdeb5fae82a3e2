import { isTerminal } from '@reeve/schemas/state-type'
import { commonTransform } from '../rule.ts'

/** The first of a row of terminal states ends the run; to leave them reopens it. */
export const endTime = commonTransform({
  name: 'end-time',
  before({ facts, current, run }, proposed) {
    if (!isTerminal(proposed.type)) {
      if (current && isTerminal(current.type)) run.end_time = null
      return
    }
    if (run.end_time !== null) return
    if (facts.client.generation === '3.8') run.start_time ??= proposed.timestamp
    if (run.start_time !== null) run.end_time = proposed.timestamp
  },
})
