import { afterSeconds } from '../after-seconds.ts'
import { knowsPausing, needsFailedTasksReset } from '../client-version.ts'
import { flowRule } from '../rule.ts'

/** A failed flow run waits for its next attempt for as long as it has retries left. */
export const retryFailedFlows = flowRule({
  name: 'retry-failed-flows',
  from: ['RUNNING'],
  to: ['FAILED'],
  before(transition, proposed) {
    const { current, facts, run } = transition
    const { empirical_policy: policy } = run
    if (policy.retries === null || run.run_count > policy.retries) {
      // So that a later rerun from the UI can be a reschedule.
      if (facts.client.generation === '3.8') run.empirical_policy = { ...policy, retry_type: null }
      return
    }
    const scheduled_time = afterSeconds(facts.now, policy.retry_delay ?? 0)
    if (needsFailedTasksReset(facts.client)) {
      transition.effects.push({ type: 'retry-failed-task-runs', scheduled_time })
    }
    if (knowsPausing(facts.client)) {
      run.empirical_policy = { ...policy, resuming: false, pause_keys: [], retry_type: 'in_process' }
    }
    const retry = transition.replacement('SCHEDULED', {
      name: 'AwaitingRetry',
      message: proposed.message,
      data: proposed.data,
      state_details: {
        scheduled_time,
        // The process lives on and keeps renewing the lease of its slot.
        deployment_concurrency_lease_id: current?.state_details.deployment_concurrency_lease_id ?? null,
      },
    })
    transition.reject(retry, 'Retrying')
  },
})
