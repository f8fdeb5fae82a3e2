import { commonRule } from '../rule.ts'

/** Waiting for the scheduled time happens at RUNNING, so PENDING has to remember it. */
export const copyScheduledTime = commonRule({
  name: 'copy-scheduled-time',
  from: ['SCHEDULED'],
  to: ['PENDING'],
  before({ current }, proposed) {
    proposed.state_details.scheduled_time ||= current?.state_details.scheduled_time ?? null
  },
})
