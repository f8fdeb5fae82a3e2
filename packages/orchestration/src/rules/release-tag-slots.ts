import { taskTransform } from '../rule.ts'

/** Gives the slots of the run's tags back when it neither runs nor is being cancelled. */
export const releaseTagSlots = taskTransform({
  name: 'release-tag-slots',
  after({ run, effects }, written) {
    if (written.type === 'RUNNING' || written.type === 'CANCELLING' || run.tags.length === 0) return
    effects.push({ type: 'release-tag-slots', task_run_id: run.id })
  },
})
