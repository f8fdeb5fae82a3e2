import { autonomousTaskPolicy } from './policies/autonomous-task.ts'
import { backgroundTaskPolicy } from './policies/background-task.ts'
import { coreFlowPolicy } from './policies/core-flow.ts'
import { coreTaskPolicy } from './policies/core-task.ts'
import { minimalFlowPolicy } from './policies/minimal-flow.ts'
import { minimalTaskPolicy } from './policies/minimal-task.ts'
import type { Policy } from './policy.ts'
import type { Client, FlowFacts, TaskFacts } from './types.ts'

/** The policy for a flow run's transition; to create a run with a state is by force. */
export function selectFlowPolicy({ force }: { force: boolean }): Policy<FlowFacts> {
  return force ? minimalFlowPolicy : coreFlowPolicy
}

/**
 * The policy for a task run's transition. Background tasks have their own, which force does not
 * override: in 3.8 the proposed state says that it is `deferred`, in 2.20 there is no flow run.
 */
export function selectTaskPolicy(choice: {
  force: boolean
  deferred: boolean
  generation: Client['generation']
  hasFlowRun: boolean
}): Policy<TaskFacts> {
  if (choice.generation === '3.8' && choice.deferred) return backgroundTaskPolicy
  if (choice.generation === '2.20' && !choice.hasFlowRun) return autonomousTaskPolicy
  return choice.force ? minimalTaskPolicy : coreTaskPolicy
}
