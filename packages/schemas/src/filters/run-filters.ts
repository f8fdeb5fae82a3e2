import { DeploymentFilter } from './deployment-filter.ts'
import { FlowFilter } from './flow-filter.ts'
import { FlowRunFilter } from './flow-run-filter.ts'
import { TaskRunFilter } from './task-run-filter.ts'
import { WorkPoolFilter } from './work-pool-filter.ts'
import { WorkQueueFilter } from './work-queue-filter.ts'

/**
 * The filters that most lists take together. One that is given, even empty, asks for a related row; all
 * that are given must hold.
 */
export const runFilters = {
  flows: FlowFilter.optional(),
  flow_runs: FlowRunFilter.optional(),
  task_runs: TaskRunFilter.optional(),
  deployments: DeploymentFilter.optional(),
}

export const poolFilter = { work_pools: WorkPoolFilter.optional() }

/** As `runFilters`, for lists of flow runs. */
export const flowRunFilters = { ...runFilters, ...poolFilter, work_pool_queues: WorkQueueFilter.optional() }
