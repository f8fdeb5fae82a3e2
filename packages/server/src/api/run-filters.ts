import type { DeploymentFilter } from '@reeve/schemas/filters/deployment-filter'
import type { FlowFilter } from '@reeve/schemas/filters/flow-filter'
import type { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import type { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import type { WorkPoolFilter } from '@reeve/schemas/filters/work-pool-filter'
import type { WorkQueueFilter } from '@reeve/schemas/filters/work-queue-filter'
import type { RunFilters } from '../models/filters/run-filters.ts'

interface FilterBody {
  flows?: FlowFilter | undefined
  flow_runs?: FlowRunFilter | undefined
  task_runs?: TaskRunFilter | undefined
  deployments?: DeploymentFilter | undefined
  work_pools?: WorkPoolFilter | undefined
  /** The filter routes say `work_pool_queues`, the history and dashboard routes `work_queues`. */
  work_pool_queues?: WorkQueueFilter | undefined
  work_queues?: WorkQueueFilter | undefined
}

/** The filters of a request, by the names that the models have for them. */
export function runFilters(body: FilterBody): RunFilters {
  return {
    flowFilter: body.flows,
    flowRunFilter: body.flow_runs,
    taskRunFilter: body.task_runs,
    deploymentFilter: body.deployments,
    workPoolFilter: body.work_pools,
    workQueueFilter: body.work_pool_queues ?? body.work_queues,
  }
}
