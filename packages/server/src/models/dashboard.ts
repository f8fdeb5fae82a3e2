import { sql } from 'kysely'
import type { Timestamp } from '@reeve/schemas/time'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import { flowRunMatches, taskRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import type { FlowRunQuery } from './flow-runs.ts'
import { micros } from './run-estimates.ts'
import { FLOW_RUN_ORDERS } from './run-order.ts'

/** A flow run as a dot in a chart: only what its place and colour need. */
export interface FlowRunDot {
  id: string
  state_type: string | null
  state_timestamp: Timestamp | null
  start_time: Timestamp | null
  expected_start_time: Timestamp | null
  /** seconds */
  total_run_time: number
}

export async function readFlowRunDots(
  session: Session,
  { limit, offset = 0, sort = 'EXPECTED_START_TIME_DESC', ...filters }: FlowRunQuery,
): Promise<FlowRunDot[]> {
  return session.all(
    session.build
      .selectFrom('flow_run')
      .select([
        'flow_run.id',
        'flow_run.state_type',
        'flow_run.state_timestamp',
        'flow_run.start_time',
        'flow_run.expected_start_time',
        'flow_run.total_run_time',
      ])
      .where(flowRunMatches(session, filters))
      .orderBy(FLOW_RUN_ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}

/** How many task runs each of some flow runs has, without those that stand for a subflow. */
export async function countTaskRunsOfFlowRuns(
  session: Session,
  flowRunIds: readonly string[],
): Promise<{ [flowRunId: string]: number }> {
  const rows = await session.all(
    session.build
      .selectFrom('task_run')
      .select(({ fn }) => ['task_run.flow_run_id', fn.countAll<number>().as('runs')])
      .where(inList(session, 'task_run.flow_run_id', flowRunIds))
      .where(
        sql<boolean>`not exists (select 1 from flow_run as subflow where subflow.parent_task_run_id = task_run.id)`,
      )
      .groupBy('task_run.flow_run_id'),
  )
  return countsOf(
    flowRunIds,
    rows.map((row) => [row.flow_run_id as string, row.runs]),
  )
}

/** How many deployments each of some flows has. */
export async function countDeploymentsOfFlows(
  session: Session,
  flowIds: readonly string[],
): Promise<{ [flowId: string]: number }> {
  const rows = await session.all(
    session.build
      .selectFrom('deployment')
      .select(({ fn }) => ['deployment.flow_id', fn.countAll<number>().as('deployments')])
      .where(inList(session, 'deployment.flow_id', flowIds))
      .groupBy('deployment.flow_id'),
  )
  return countsOf(
    flowIds,
    rows.map((row) => [row.flow_id, row.deployments]),
  )
}

function countsOf(ids: readonly string[], counted: [string, number][]): { [id: string]: number } {
  return { ...Object.fromEntries(ids.map((id) => [id, 0])), ...Object.fromEntries(counted) }
}

export interface NextRun {
  id: string
  flow_id: string
  name: string
  state_name: string
  state_type: string
  next_scheduled_start_time: Timestamp
}

/** The scheduled run of each of some flows that comes first; flows without one are not in the map. */
export async function readNextRuns(
  session: Session,
  flowIds: readonly string[],
): Promise<Map<string, NextRun>> {
  const rank = sql<number>`row_number() over (partition by flow_id order by next_scheduled_start_time, id)`
  const scheduled = session.build
    .selectFrom('flow_run')
    .select(['id', 'flow_id', 'name', 'state_name', 'state_type', 'next_scheduled_start_time'])
    .select(rank.as('rank'))
    .where(inList(session, 'flow_run.flow_id', flowIds))
    .where('state_type', '=', sql.lit('SCHEDULED'))
    .where('next_scheduled_start_time', 'is not', null)
  const rows = await session.all(
    session.build
      .selectFrom(scheduled.as('scheduled'))
      .select(['id', 'flow_id', 'name', 'state_name', 'state_type', 'next_scheduled_start_time'])
      .where('rank', '=', sql.lit(1))
      .$castTo<NextRun>(),
  )
  return new Map(rows.map((row) => [row.flow_id, row]))
}

export interface FinishedCount {
  completed: number
  failed: number
}

/**
 * How the matching task runs that started between `start` and `end` ended, in equal slices of that time.
 * Cancelled runs count as completed, crashed ones as failed.
 */
export async function countFinishedTaskRuns(
  session: Session,
  filters: RunFilters,
  { start, end, slices }: { start: Timestamp; end: Timestamp; slices: number },
): Promise<FinishedCount[]> {
  const slice = sql<number>`((task_run.start_time - ${micros(start)}) * ${micros(slices)}) / ${micros(end - start)}`
  const finished = session.build
    .selectFrom('task_run')
    .select([
      slice.as('slice'),
      sql<number>`case when task_run.state_type in ('FAILED', 'CRASHED') then 1 else 0 end`.as('failed'),
    ])
    .where(taskRunMatches(session, filters))
    .where(sql<boolean>`task_run.state_type in ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`)
    .where(sql<boolean>`task_run.start_time >= ${micros(start)}`)
    .where(sql<boolean>`task_run.start_time < ${micros(end)}`)
  const rows = await session.all(
    session.build
      .selectFrom(finished.as('finished'))
      .select(({ fn }) => ['slice', fn.countAll<number>().as('runs'), fn.sum<number>('failed').as('failed')])
      .groupBy('slice'),
  )
  const counts = Array.from({ length: slices }, (): FinishedCount => ({ completed: 0, failed: 0 }))
  for (const { slice: index, runs, failed } of rows) counts[index] = { completed: runs - failed, failed }
  return counts
}
