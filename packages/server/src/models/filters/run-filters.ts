import { sql } from 'kysely'
import type { DeploymentFilter } from '@reeve/schemas/filters/deployment-filter'
import type { FlowFilter } from '@reeve/schemas/filters/flow-filter'
import type { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import type { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import type { WorkPoolFilter } from '@reeve/schemas/filters/work-pool-filter'
import type { WorkQueueFilter } from '@reeve/schemas/filters/work-queue-filter'
import type { Session } from '../../database/session.ts'
import { listed } from './column.ts'
import { every } from './condition.ts'
import type { Condition } from './condition.ts'
import { deploymentFilter } from './deployment-filter.ts'
import { flowFilter } from './flow-filter.ts'
import { flowRunFilter } from './flow-run-filter.ts'
import { taskRunFilter } from './task-run-filter.ts'
import { workPoolFilter } from './work-pool-filter.ts'
import { workQueueFilter } from './work-queue-filter.ts'

/**
 * Filters of a noun and of the nouns it is related to. One that is given, even empty, asks for a related
 * row that meets it; conditions on one related noun are met by one row.
 */
export interface RunFilters {
  flowFilter?: FlowFilter | null | undefined
  flowRunFilter?: FlowRunFilter | null | undefined
  taskRunFilter?: TaskRunFilter | null | undefined
  deploymentFilter?: DeploymentFilter | null | undefined
  workPoolFilter?: WorkPoolFilter | null | undefined
  workQueueFilter?: WorkQueueFilter | null | undefined
}

// To the one row a row belongs to the join is `in (select …)`, which either end may drive; to the many
// rows that belong to it, `exists`, which stops at the first.

/** Which rows of `flow`: with one flow run that meets its filters, with one deployment that meets its. */
export function flowMatches(session: Session, filters: RunFilters): Condition {
  const conditions: Condition[] = []
  if (filters.flowFilter) conditions.push(flowFilter(session, filters.flowFilter))
  if (filters.flowRunFilter || filters.taskRunFilter) {
    const run = ownRun(session, filters)
    conditions.push(sql`exists (select 1 from flow_run where flow_run.flow_id = flow.id and ${run})`)
  }
  const deployment: Condition[] = []
  if (filters.deploymentFilter) deployment.push(deploymentFilter(session, filters.deploymentFilter))
  if (filters.workPoolFilter) deployment.push(...queueOf('deployment', session, filters))
  if (deployment.length > 0) {
    const met = every(deployment)
    conditions.push(sql`exists (select 1 from deployment where deployment.flow_id = flow.id and ${met})`)
  }
  return every(conditions)
}

/** Which rows of `flow_run`. */
export function flowRunMatches(session: Session, filters: RunFilters): Condition {
  return every(flowRunConditions(session, filters))
}

function flowRunConditions(session: Session, filters: RunFilters): Condition[] {
  const conditions: Condition[] = []
  if (filters.flowRunFilter) conditions.push(flowRunFilter(session, filters.flowRunFilter))
  if (filters.flowFilter) {
    const met = flowFilter(session, filters.flowFilter)
    conditions.push(sql`flow_run.flow_id in (select flow.id from flow where ${met})`)
  }
  if (filters.deploymentFilter) {
    const met = deploymentFilter(session, filters.deploymentFilter)
    conditions.push(sql`flow_run.deployment_id in (select deployment.id from deployment where ${met})`)
  }
  conditions.push(...queueOf('flow_run', session, filters))
  if (filters.taskRunFilter) conditions.push(hasTaskRun(session, filters.taskRunFilter))
  return conditions
}

/** Which rows of `task_run`: its flow run must exist when anything is asked of it or through it. */
export function taskRunMatches(session: Session, { taskRunFilter: own, ...filters }: RunFilters): Condition {
  const conditions: Condition[] = own ? [taskRunFilter(session, own)] : []
  const ids = onlyIds(filters)
  if (ids) return every([...conditions, ...listed(session, 'task_run.flow_run_id', { any_: ids })])
  if (Object.values(filters).some(Boolean)) {
    const met = flowRunMatches(session, filters)
    conditions.push(sql`task_run.flow_run_id in (select flow_run.id from flow_run where ${met})`)
  }
  return every(conditions)
}

/** The ids of the flow runs, when nothing but those is asked for: then there is nothing to join. */
function onlyIds({ flowRunFilter: runs, ...others }: RunFilters): readonly string[] | undefined {
  if (!runs || Object.values(others).some(Boolean)) return undefined
  const given = Object.entries(runs).filter(([key, value]) => key !== 'operator' && value != null)
  if (given.length !== 1 || !runs.id?.any_?.length || runs.id.not_any_?.length) return undefined
  return runs.id.any_
}

/** Which rows of `deployment`. */
export function deploymentMatches(session: Session, filters: RunFilters): Condition {
  const conditions: Condition[] = []
  if (filters.deploymentFilter) conditions.push(deploymentFilter(session, filters.deploymentFilter))
  if (filters.flowFilter) {
    const met = flowFilter(session, filters.flowFilter)
    conditions.push(sql`deployment.flow_id in (select flow.id from flow where ${met})`)
  }
  if (filters.flowRunFilter || filters.taskRunFilter) {
    const run = ownRun(session, filters)
    conditions.push(
      sql`exists (select 1 from flow_run where flow_run.deployment_id = deployment.id and ${run})`,
    )
  }
  conditions.push(...queueOf('deployment', session, filters))
  return every(conditions)
}

/** What one flow run must meet of the filters for flow runs and their task runs. */
function ownRun(session: Session, { flowRunFilter: run, taskRunFilter: task }: RunFilters): Condition {
  const conditions: Condition[] = []
  if (run) conditions.push(flowRunFilter(session, run))
  if (task) conditions.push(hasTaskRun(session, task))
  return every(conditions)
}

function hasTaskRun(session: Session, filter: TaskRunFilter): Condition {
  const met = taskRunFilter(session, filter)
  return sql`exists (select 1 from task_run where task_run.flow_run_id = flow_run.id and ${met})`
}

/** What the queue of a flow run or deployment, and the queue's pool, must meet. */
function queueOf(
  table: 'flow_run' | 'deployment',
  session: Session,
  { workPoolFilter: pools, workQueueFilter: queues }: RunFilters,
): Condition[] {
  const conditions: Condition[] = []
  if (queues) conditions.push(workQueueFilter(session, queues))
  if (pools) {
    const met = workPoolFilter(session, pools)
    conditions.push(sql`work_queue.work_pool_id in (select work_pool.id from work_pool where ${met})`)
  }
  if (conditions.length === 0) return []
  const queue = sql.ref(`${table}.work_queue_id`)
  return [sql`${queue} in (select work_queue.id from work_queue where ${every(conditions)})`]
}
