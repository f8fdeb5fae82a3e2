import type { FlowRunSort } from '@reeve/schemas/sorts'
import type { ModelContext } from '../context.ts'
import { idParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import { deleteTracesOfRuns } from './delete-traces.ts'
import { flowRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { currentState, joinedState } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'
import type { FlowRunRecord } from './records.ts'
import { FLOW_RUN_ORDERS } from './run-order.ts'

interface JoinedFlowRun extends Row<'flow_run'>, JoinedState {
  queue__name: string | null
  pool__id: string | null
  pool__name: string | null
}

/** What the runs must meet, and which of those that do. */
export interface FlowRunQuery extends RunFilters {
  limit: number
  offset?: number
  sort?: FlowRunSort
}

function flowRunsWithState({ build }: Session) {
  return build
    .selectFrom('flow_run')
    .leftJoin('flow_run_state as state', 'state.id', 'flow_run.state_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .leftJoin('work_queue as queue', 'queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool as pool', 'pool.id', 'queue.work_pool_id')
    .selectAll('flow_run')
    .select(joinedState)
    .select(['queue.name as queue__name', 'pool.id as pool__id', 'pool.name as pool__name'])
    .$castTo<JoinedFlowRun>()
}

function flowRunRecord(row: JoinedFlowRun): FlowRunRecord {
  return {
    ...row,
    state: currentState(row, { flow_run_id: row.id, task_run_id: row.parent_task_run_id }),
    work_queue_name: row.queue__name ?? row.work_queue_name,
    work_pool_id: row.pool__id,
    work_pool_name: row.pool__name,
  }
}

const readById = prepared<JoinedFlowRun>((session) =>
  flowRunsWithState(session).where('flow_run.id', '=', ''),
)

export async function readFlowRun(session: Session, flowRunId: string): Promise<FlowRunRecord | undefined> {
  const [row] = await readById(session, [idParameter(session, flowRunId)])
  return row && flowRunRecord(row)
}

/** The matching runs, by id descending unless told otherwise. */
export async function readFlowRuns(session: Session, query: FlowRunQuery): Promise<FlowRunRecord[]> {
  const order = FLOW_RUN_ORDERS[query.sort ?? 'ID_DESC']
  // Which rows is decided before their states are joined, so that only a page of wide rows is ever sorted.
  const page = pageOfIds(session, query)
  const rows = await session.all(flowRunsWithState(session).where('flow_run.id', 'in', page).orderBy(order))
  return rows.map(flowRunRecord)
}

/** The ids alone of what `readFlowRuns` reads. */
export async function readFlowRunIds(session: Session, query: FlowRunQuery): Promise<string[]> {
  return (await session.all(pageOfIds(session, query))).map(({ id }) => id)
}

function pageOfIds(session: Session, { limit, offset = 0, sort = 'ID_DESC', ...filters }: FlowRunQuery) {
  return session.build
    .selectFrom('flow_run')
    .select('flow_run.id')
    .where(flowRunMatches(session, filters))
    .orderBy(FLOW_RUN_ORDERS[sort])
    .limit(limit)
    .offset(offset)
}

export async function countFlowRuns(session: Session, filters: RunFilters): Promise<number> {
  return countRows(session, 'flow_run', flowRunMatches(session, filters))
}

export type FlowRunPatch = Partial<
  Pick<
    Row<'flow_run'>,
    | 'name'
    | 'flow_version'
    | 'parameters'
    | 'empirical_policy'
    | 'tags'
    | 'labels'
    | 'infrastructure_pid'
    | 'job_variables'
  >
>

/** Writes only the fields of the patch; whether there is such a run. */
export async function updateFlowRun(
  session: Session,
  flowRunId: string,
  patch: FlowRunPatch,
  context: ModelContext,
): Promise<boolean> {
  const changes = await session.run(
    session.build
      .updateTable('flow_run')
      .set({ ...patch, updated: context.clock.now() })
      .where('id', '=', flowRunId),
  )
  return changes > 0
}

/**
 * Deletes the run with its states, task runs, inputs and logs, and gives back what slots they held. Its
 * subflow runs become top-level runs. Whether there was such a run.
 */
export async function deleteFlowRun(
  session: Session,
  flowRunId: string,
  context: ModelContext,
): Promise<boolean> {
  const { build } = session
  await deleteTracesOfRuns(
    session,
    build.selectFrom('flow_run').select('id').where('id', '=', flowRunId),
    context,
  )
  return (await session.run(build.deleteFrom('flow_run').where('id', '=', flowRunId))) > 0
}
