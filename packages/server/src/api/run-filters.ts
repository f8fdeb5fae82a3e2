import type { Client } from '@reeve/orchestration/types'
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

/** The filters of a request, by the names that the models have for them and with the meaning they have for the client. */
export function runFilters(body: FilterBody, { generation }: Client): RunFilters {
  const older = generation === '2.20'
  return {
    flowFilter: body.flows,
    flowRunFilter: older ? flowRunsOfPrefect2(body.flow_runs) : body.flow_runs,
    taskRunFilter: older ? taskRunsOfPrefect2(body.task_runs) : body.task_runs,
    deploymentFilter: body.deployments,
    workPoolFilter: body.work_pools,
    workQueueFilter: body.work_pool_queues ?? body.work_queues,
  }
}

/** To Prefect 2 the bounds of a start never hold for a run that has not started. */
function flowRunsOfPrefect2(filter: FlowRunFilter | undefined): FlowRunFilter | undefined {
  const start = filter?.start_time
  if (!start || start.is_null_ === true || (start.after_ == null && start.before_ == null)) return filter
  return { ...filter, start_time: { ...start, is_null_: false } }
}

/** To Prefect 2 the filter by flow run asks nothing when it has no list, where Prefect 3 asks for any flow run. */
function taskRunsOfPrefect2(filter: TaskRunFilter | undefined): TaskRunFilter | undefined {
  const owner = filter?.flow_run_id
  if (!owner || owner.is_null_ === true) return filter
  return { ...filter, flow_run_id: { ...owner, is_null_: null } }
}
