import { sql } from 'kysely'
import type { State, TaskRun, TaskRunPolicy } from '@reeve/orchestration/types'
import type { StateType } from '@reeve/schemas/state-type'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { currentState, joinedState, movedMeanwhile } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'

export interface LoadedTaskRun {
  run: TaskRun
  current: State | null
  /** undefined when the task run belongs to no flow run */
  parent: { run_count: number; state_id: string | null; state_type: StateType | null } | undefined
}

type TaskRunColumns = Pick<
  Row<'task_run'>,
  | 'id'
  | 'flow_run_id'
  | 'task_key'
  | 'tags'
  | 'empirical_policy'
  | 'run_count'
  | 'flow_run_run_count'
  | 'start_time'
  | 'end_time'
  | 'total_run_time'
  | 'expected_start_time'
  | 'next_scheduled_start_time'
  | 'state_id'
>

interface LoadedRow extends TaskRunColumns, JoinedState {
  parent__id: string | null
  parent__run_count: number
  parent__state_id: string | null
  parent__state_type: StateType | null
}

function rowsById(session: Session) {
  return session.build
    .selectFrom('task_run')
    .leftJoin('task_run_state as state', 'state.id', 'task_run.state_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .leftJoin('flow_run as parent', 'parent.id', 'task_run.flow_run_id')
    .select([
      'task_run.id',
      'task_run.flow_run_id',
      'task_run.task_key',
      'task_run.tags',
      'task_run.empirical_policy',
      'task_run.run_count',
      'task_run.flow_run_run_count',
      'task_run.start_time',
      'task_run.end_time',
      'task_run.total_run_time',
      'task_run.expected_start_time',
      'task_run.next_scheduled_start_time',
      'task_run.state_id',
      'parent.id as parent__id',
      'parent.run_count as parent__run_count',
      'parent.state_id as parent__state_id',
      'parent.state_type as parent__state_type',
    ])
    .select(joinedState)
    .where(inList(session, 'task_run.id', []))
    .$castTo<LoadedRow>()
}

const readRows = prepared<LoadedRow>(rowsById)
// Locked in one order, so that two batches cannot wait for each other.
const lockRows = prepared<LoadedRow>((session) => {
  const query = rowsById(session)
  return session.dialect === 'postgres' ? query.orderBy('task_run.id').forUpdate('task_run') : query
})

/** The task runs with these ids, locked until the transaction ends, with what the rules need to know. */
export async function loadTaskRuns(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, LoadedTaskRun>> {
  const load = () => lockRows(session, [listParameter(session, ids)])
  let rows = await load()
  if (rows.some(movedMeanwhile)) rows = await load()
  return new Map(rows.map((row) => [row.id, loaded(row)]))
}

/** The same of one task run, without a lock. */
export async function readTaskRunFacts(session: Session, id: string): Promise<LoadedTaskRun | undefined> {
  const [row] = await readRows(session, [listParameter(session, [id])])
  return row && loaded(row)
}

const NO_POLICY: TaskRunPolicy = { retries: null, retry_delay: null, retry_jitter_factor: null }

export function taskRunPolicy(stored: Row<'task_run'>['empirical_policy']): TaskRunPolicy {
  return { ...NO_POLICY, ...(stored as Partial<TaskRunPolicy>) }
}

function loaded(row: LoadedRow): LoadedTaskRun {
  return {
    run: {
      id: row.id,
      flow_run_id: row.flow_run_id,
      task_key: row.task_key,
      tags: row.tags,
      empirical_policy: taskRunPolicy(row.empirical_policy),
      run_count: row.run_count,
      flow_run_run_count: row.flow_run_run_count,
      start_time: row.start_time,
      end_time: row.end_time,
      total_run_time: row.total_run_time,
      expected_start_time: row.expected_start_time,
      next_scheduled_start_time: row.next_scheduled_start_time,
    },
    current: currentState(row, { flow_run_id: row.flow_run_id, task_run_id: row.id }),
    parent:
      row.parent__id === null
        ? undefined
        : {
            run_count: row.parent__run_count,
            state_id: row.parent__state_id,
            state_type: row.parent__state_type,
          },
  }
}

/** A parent's state as the rules look at it, which is by its type alone. */
export function stateOfType(parent: { state_id: string | null; state_type: string | null }): State | null {
  const { state_id: id, state_type } = parent
  if (id === null || state_type === null) return null
  const type = state_type as StateType
  return { id, type, name: type, timestamp: 0, message: null, data: null, state_details: {} }
}

const loadCached = prepared<JoinedState & { owner__id: string; owner__flow_run_id: string | null }>(
  (session) =>
    session.build
      .selectFrom('task_run_state_cache as cache')
      .innerJoin('task_run_state as state', 'state.id', 'cache.task_run_state_id')
      .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
      .innerJoin('task_run as owner', 'owner.id', 'state.task_run_id')
      .select(['owner.id as owner__id', 'owner.flow_run_id as owner__flow_run_id'])
      .select(joinedState)
      .where('cache.cache_key', '=', '')
      .where((eb) => eb.or([eb('cache.cache_expiration', 'is', null), eb('cache.cache_expiration', '>', 0)]))
      .orderBy('cache.created', 'desc')
      .limit(sql.lit(1))
      .$castTo<JoinedState & { owner__id: string; owner__flow_run_id: string | null }>(),
)

/** The state that was last completed under the cache key and has not expired at `now`. */
export async function readCachedState(
  session: Session,
  cacheKey: string,
  now: number,
): Promise<State | undefined> {
  const [row] = await loadCached(session, [cacheKey, now])
  if (!row) return undefined
  return currentState(row, { flow_run_id: row.owner__flow_run_id, task_run_id: row.owner__id }) ?? undefined
}
