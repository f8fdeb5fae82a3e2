import { autonomousTaskPolicy } from './policies/autonomous-task.ts'
import { backgroundTaskPolicy } from './policies/background-task.ts'
import { coreFlowPolicy } from './policies/core-flow.ts'
import { coreTaskPolicy } from './policies/core-task.ts'
import { minimalFlowPolicy } from './policies/minimal-flow.ts'
import { minimalTaskPolicy } from './policies/minimal-task.ts'
import type { Policy } from './policy.ts'
import type { FlowFacts, State, TaskFacts } from './types.ts'

/** The policy for a flow run's transition; to create a run with a state is by force. */
export function selectFlowPolicy({ force }: { force: boolean }): Policy<FlowFacts> {
  return force ? minimalFlowPolicy : coreFlowPolicy
}

/**
 * The policy for a task run's transition. Background tasks have their own, which force does not
 * override: in 3.8 the proposed state says that it is `deferred`, in 2.20 there is no flow run.
 */
export function selectTaskPolicy(
  { client, run }: Pick<TaskFacts, 'client' | 'run'>,
  proposal: State,
  { force }: { force: boolean },
): Policy<TaskFacts> {
  if (client.generation === '3.8' && proposal.state_details.deferred) return backgroundTaskPolicy
  if (client.generation === '2.20' && run.flow_run_id === null) return autonomousTaskPolicy
  return force ? minimalTaskPolicy : coreTaskPolicy
}
