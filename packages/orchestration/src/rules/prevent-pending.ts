import { commonRule } from '../rule.ts'

/** Keeps a second worker from submitting a run which another one has already taken. */
export const preventPending = commonRule({
  name: 'prevent-pending',
  from: ['PENDING', 'CANCELLING', 'RUNNING', 'CANCELLED'],
  to: ['PENDING'],
  before(transition, proposed) {
    const { current, facts } = transition
    if (current === null) return
    // Submitting and InfrastructurePending are steps of the worker that holds the run.
    const isSubState =
      facts.client.generation === '3.8' &&
      current.type === 'PENDING' &&
      proposed.name !== current.name &&
      proposed.name !== 'Pending'
    if (!isSubState) return transition.abort(`A run that is ${current.type} cannot become PENDING.`)
    const { scheduled_time = null, deployment_concurrency_lease_id = null } = current.state_details
    Object.assign(proposed.state_details, { scheduled_time, deployment_concurrency_lease_id })
  },
})
