import type { DeploymentFacts, FlowRun, FlowRunPolicy, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import { sql } from 'kysely'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { currentState, joinedState, movedMeanwhile } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'
import { readLimitById } from './rule-limits.ts'

const NO_POLICY: FlowRunPolicy = {
  retries: null,
  retry_delay: null,
  pause_keys: [],
  resuming: false,
  retry_type: null,
}

/** A flow run as it is now. */
export interface LoadedFlowRun {
  row: Row<'flow_run'>
  current: State | null
}

type LoadedRow = Row<'flow_run'> & JoinedState

function rowsById(session: Session) {
  return session.build
    .selectFrom('flow_run')
    .leftJoin('flow_run_state as state', 'state.id', 'flow_run.state_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .selectAll('flow_run')
    .select(joinedState)
    .where(inList(session, 'flow_run.id', []))
    .$castTo<LoadedRow>()
}

const readById = prepared<LoadedRow>(rowsById)
// Locked in one order, so that two batches cannot wait for each other.
const lockById = prepared<LoadedRow>((session) => {
  const query = rowsById(session)
  return session.dialect === 'postgres' ? query.orderBy('flow_run.id').forNoKeyUpdate('flow_run') : query
})

/** The flow runs with these ids, locked until the transaction ends. */
export async function loadFlowRuns(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, LoadedFlowRun>> {
  const lock = () => lockById(session, [listParameter(session, ids)])
  let rows = await lock()
  if (rows.some(movedMeanwhile)) rows = await lock()
  return new Map(rows.map((row) => [row.id, loaded(row)]))
}

/** The flow run as `loadFlowRuns` loads it, without a lock. */
export async function readFlowRunFacts(session: Session, id: string): Promise<LoadedFlowRun | undefined> {
  const [row] = await readById(session, [listParameter(session, [id])])
  return row && loaded(row)
}

function loaded(row: LoadedRow): LoadedFlowRun {
  return {
    row,
    current: currentState(row, { flow_run_id: row.id, task_run_id: row.parent_task_run_id }),
  }
}

/** The run as the rules see it. */
export function ruledFlowRun(row: Row<'flow_run'>): FlowRun {
  return {
    id: row.id,
    deployment_id: row.deployment_id,
    parent_task_run_id: row.parent_task_run_id,
    infrastructure_pid: row.infrastructure_pid,
    empirical_policy: { ...NO_POLICY, ...(row.empirical_policy as Partial<FlowRunPolicy>) },
    run_count: row.run_count,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
  }
}

/**
 * What the rules know of a run's deployment: undefined when it has none, null when it is gone. `lock`: its
 * limit stays as it is read until the transaction ends.
 */
export async function readDeploymentFacts(
  session: Session,
  deploymentId: string | null,
  context: ModelContext,
  { lock = true } = {},
): Promise<DeploymentFacts | null | undefined> {
  if (deploymentId === null) return undefined
  const row = await session.first(
    session.build
      .selectFrom('deployment')
      .select(['id', 'concurrency_limit_id', 'concurrency_options'])
      .where('id', '=', deploymentId),
  )
  if (!row) return null
  const options: JsonObject = row.concurrency_options ?? {}
  const limit = row.concurrency_limit_id
    ? ((await readLimitById(session, row.concurrency_limit_id, { lock }, context)) ?? null)
    : null
  return {
    id: row.id,
    limit,
    collision_strategy: options['collision_strategy'] === 'CANCEL_NEW' ? 'CANCEL_NEW' : 'ENQUEUE',
    grace_period_seconds: (options['grace_period_seconds'] as number | null | undefined) ?? null,
  }
}

const timestampsFrom = prepared<{ flow_run_id: string; timestamp: number }>((session) =>
  session.build
    .selectFrom('flow_run_state')
    .select(['flow_run_id', 'timestamp'])
    .where(inList(session, 'flow_run_id', []))
    .where('timestamp', '>=', 0)
    .limit(sql.lit(1000)),
)

/** Timestamps of the runs' states that are not before this one: few, and mostly none. */
export async function readTimestampsFrom(
  session: Session,
  flowRunIds: readonly string[],
  timestamp: number,
): Promise<Map<string, number[]>> {
  const rows = await timestampsFrom(session, [listParameter(session, flowRunIds), timestamp])
  const byRun = Map.groupBy(rows, (row) => row.flow_run_id)
  return new Map([...byRun].map(([id, found]) => [id, found.map((row) => row.timestamp)]))
}
