import { flowTransform } from '../rule.ts'

/** Two states of a flow run never share a timestamp, so that their order is certain. */
export const uniqueTimestamp = flowTransform({
  name: 'unique-timestamp',
  before({ facts }, proposed) {
    while (facts.taken_timestamps.includes(proposed.timestamp)) proposed.timestamp += 1
  },
})
