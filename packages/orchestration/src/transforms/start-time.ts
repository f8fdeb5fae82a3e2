import { commonTransform } from '../rule.ts'

/** The first RUNNING starts the run, for good. */
export const startTime = commonTransform({
  name: 'start-time',
  before({ run }, proposed) {
    if (proposed.type === 'RUNNING') run.start_time ??= proposed.timestamp
  },
})
