import { commonTransform } from '../rule.ts'

/** Sums the seconds spent in RUNNING. */
export const totalRunTime = commonTransform({
  name: 'total-run-time',
  before({ current, run }, proposed) {
    if (current?.type !== 'RUNNING') return
    run.total_run_time += (proposed.timestamp - current.timestamp) / 1_000_000
  },
})
