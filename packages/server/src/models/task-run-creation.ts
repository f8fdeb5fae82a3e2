import { sql } from 'kysely'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { DatabaseError } from '../database/errors.ts'
import { inList } from '../database/in-list.ts'
import { lockText } from '../database/locks.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { taskRunRecord, taskRunsWithState } from './joined-task-run.ts'
import type { JoinedTaskRun } from './joined-task-run.ts'
import type { KnownParent } from './known-runs.ts'
import { newTaskRun } from './new-task-run.ts'
import type { NewTaskRun, TaskRunCreation } from './new-task-run.ts'
import type { TaskRunRecord } from './records.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'
import type { Transitioned } from './transitioned.ts'
import { TaskRunWrites } from './task-run-writes.ts'
import { tellFinished } from './tell-finished.ts'

export interface CreatedTaskRun {
  /** As it was before the proposals. */
  taskRun: TaskRunRecord
  /** False when a run with these keys was there already; it is returned as it is. */
  created: boolean
  /** What became of the proposals that were put, in their order. */
  transitioned: Transitioned[]
  /** Of the flow run around it; null when there is none, or the run was there already. */
  parentStateType: string | null
}

const selectParents = prepared<KnownParent>((session) =>
  session.build
    .selectFrom('flow_run')
    .select(['id', 'labels', 'run_count', 'state_id', 'state_type', 'updated'])
    .where(inList(session, 'flow_run.id', [])),
)

async function loadParents(
  session: Session,
  ids: readonly string[],
  { known }: ModelContext,
): Promise<readonly KnownParent[]> {
  if (ids.length === 0) return []
  const assumed = session.assume && known?.assumeParents(session, ids)
  if (assumed) return assumed
  const parents = await selectParents(session, [listParameter(session, ids)])
  known?.sawParents(parents)
  return parents
}

/**
 * Creates task runs, writes their first states and governs what is proposed to them then, with one statement
 * for each table. A run whose flow run, task key and dynamic key are taken is answered with the one that has
 * them. An unknown flow run, or an id that another run has, is an integrity error in that run's place.
 */
export async function createTaskRuns(
  session: Session,
  creations: readonly TaskRunCreation[],
  context: ModelContext,
): Promise<(CreatedTaskRun | DatabaseError)[]> {
  const results: (CreatedTaskRun | DatabaseError)[] = []
  const flowRunIds = [...new Set(creations.flatMap(({ taskRun }) => taskRun.flow_run_id ?? []))]
  const rows = await loadParents(session, flowRunIds, context)
  const parents = new Map(rows.map((row) => [row.id, row]))
  const writes = new TaskRunWrites(context)
  const fresh: { index: number; made: NewTaskRun }[] = []
  // No index keeps runs without a flow run apart, so a repetition within the batch waits for the first.
  const loose = new Set<string>()
  const repeated: number[] = []
  const known = await lockLoose(session, creations)
  for (const [index, creation] of creations.entries()) {
    const { flow_run_id } = creation.taskRun
    if (flow_run_id === null) {
      const key = looseKey(creation.taskRun)
      if (loose.has(key)) {
        repeated.push(index)
        continue
      }
      loose.add(key)
      const existing = known.get(key)
      if (existing) results[index] = existed(existing)
    } else if (!parents.has(flow_run_id)) {
      results[index] = new DatabaseError('integrity', `There is no flow run ${flow_run_id}`)
    }
    if (!results[index])
      fresh.push({ index, made: newTaskRun(creation, parents.get(flow_run_id ?? ''), context) })
  }
  const inserted = await insertRows(
    session,
    'task_run',
    fresh.map(({ made }) => made.stored),
    'ignore',
  )
  for (const { index, made } of fresh) {
    const { first, firstState, run, transitioned = [] } = made
    if (inserted.delete(run.id)) {
      for (const { state, effects } of made.decided) {
        if (state) writes.addState(run, state)
        writes.addEffects(run, state, effects)
      }
      const parentStateType = parents.get(run.flow_run_id ?? '')?.state_type ?? null
      const taskRun = { ...first, state: firstState }
      results[index] = { taskRun, created: true, transitioned, parentStateType }
    } else {
      const existing = await readByNaturalKey(session, first)
      results[index] = existing
        ? existed(existing)
        : new DatabaseError('integrity', `There is a task run ${run.id} already, with other keys`)
    }
  }
  await writes.apply(session)
  const moves = () =>
    fresh.flatMap(({ made }) => (made.transitioned ?? []).map((each) => [made.run.id, each] as const))
  tellFinished(session, moves, context)
  const open = fresh.filter(({ made }) => !made.transitioned).map(({ index }) => index)
  await proposeTo(session, creations, open, results, context)
  for (const index of repeated) {
    const existing = await readByNaturalKey(session, (creations[index] as TaskRunCreation).taskRun)
    results[index] = existed(existing as TaskRunRecord)
  }
  return results
}

function existed(taskRun: TaskRunRecord): CreatedTaskRun {
  return { taskRun, created: false, transitioned: [], parentStateType: null }
}

/** Governs the proposals to new runs which were not decided when they were made. */
async function proposeTo(
  session: Session,
  creations: readonly TaskRunCreation[],
  open: readonly number[],
  results: (CreatedTaskRun | DatabaseError)[],
  context: ModelContext,
): Promise<void> {
  const put: TaskRunProposal[] = []
  const makers: CreatedTaskRun[] = []
  for (const index of open) {
    const made = results[index]
    if (!made || made instanceof Error || !made.created) continue
    const { proposals = [], client } = creations[index] as TaskRunCreation
    for (const [place, proposal] of proposals.entries()) {
      const follows = place > 0 ? { follows: put.length - 1 } : {}
      put.push({ ...proposal, task_run_id: made.taskRun.id, client, ...follows })
      makers.push(made)
    }
  }
  if (put.length === 0) return
  const answers = await transitionTaskRuns(session, put, context)
  for (const [place, answer] of answers.entries()) if (answer) makers[place]?.transitioned.push(answer)
}

const looseKey = ({ task_key, dynamic_key }: NaturalKey) => `${task_key}\n${dynamic_key}`

const readLoose = prepared<JoinedTaskRun>((session) =>
  taskRunsWithState(session)
    .where('task_run.flow_run_id', 'is', null)
    .where('task_run.task_key', '=', '')
    .where(inList(session, 'task_run.dynamic_key', []))
    .orderBy('task_run.created', 'desc'),
)

/** Keeps others from making the runs outside of flow runs that are to be made, and reads those that exist. */
async function lockLoose(
  session: Session,
  creations: readonly TaskRunCreation[],
): Promise<Map<string, TaskRunRecord>> {
  const dynamicKeys = new Map<string, string[]>()
  const loose = creations.filter(({ taskRun }) => taskRun.flow_run_id === null)
  // In one order, so that two batches cannot wait for each other.
  for (const key of loose.map(({ taskRun }) => looseKey(taskRun)).toSorted()) await lockText(session, key)
  for (const { taskRun } of loose) {
    const keys = dynamicKeys.get(taskRun.task_key)
    if (keys) keys.push(taskRun.dynamic_key)
    else dynamicKeys.set(taskRun.task_key, [taskRun.dynamic_key])
  }
  const known = new Map<string, TaskRunRecord>()
  for (const [taskKey, keys] of dynamicKeys) {
    // The oldest comes last and stays.
    const rows = await readLoose(session, [taskKey, listParameter(session, keys)])
    for (const row of rows) known.set(looseKey(row), taskRunRecord(row))
  }
  return known
}

type NaturalKey = Pick<Row<'task_run'>, 'flow_run_id' | 'task_key' | 'dynamic_key'>

async function readByNaturalKey(session: Session, key: NaturalKey): Promise<TaskRunRecord | undefined> {
  const query = taskRunsWithState(session)
    .where('task_run.task_key', '=', key.task_key)
    .where('task_run.dynamic_key', '=', key.dynamic_key)
    .where('task_run.flow_run_id', key.flow_run_id === null ? 'is' : '=', key.flow_run_id)
    .orderBy('task_run.created')
    .limit(sql.lit(1))
  const row = await session.first(query)
  return row && taskRunRecord(row)
}
