import { afterSeconds } from '../after-seconds.ts'
import { taskRule } from '../rule.ts'
import { taskRetryDelay } from '../task-retry-delay.ts'

/** A failed task waits for its next attempt for as long as it has retries left and may retry. */
export const retryFailedTasks = taskRule({
  name: 'retry-failed-tasks',
  from: ['RUNNING'],
  to: ['FAILED'],
  before(transition, proposed) {
    const { facts, run } = transition
    const { retries } = run.empirical_policy
    if (proposed.state_details.retriable === false || retries === null || run.run_count > retries) return
    const delay = taskRetryDelay(run.empirical_policy, run.run_count, facts.random)
    const retry = transition.replacement('SCHEDULED', {
      name: 'AwaitingRetry',
      message: proposed.message,
      data: proposed.data,
      state_details: { scheduled_time: afterSeconds(facts.now, delay) },
    })
    transition.reject(retry, 'Retrying')
  },
})
