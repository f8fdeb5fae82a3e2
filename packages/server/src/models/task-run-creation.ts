import { sql } from 'kysely'
import { decideTaskTransition } from '@reeve/orchestration/decide'
import { selectTaskPolicy } from '@reeve/orchestration/select-policy'
import type { Client, State, TaskFacts, TaskRun } from '@reeve/orchestration/types'
import type { TaskRunCreate } from '@reeve/schemas/task-run'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { DatabaseError } from '../database/errors.ts'
import { inList } from '../database/in-list.ts'
import { lockText } from '../database/locks.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { compactPolicy } from './policies.ts'
import { taskRunRecord, taskRunsWithState } from './joined-task-run.ts'
import type { JoinedTaskRun } from './joined-task-run.ts'
import type { TaskRunRecord } from './records.ts'
import { ruleContext } from './rule-context.ts'
import { randomRunName } from './run-names.ts'
import { taskRunPolicy } from './task-run-facts.ts'
import { TaskRunWrites } from './task-run-writes.ts'

export interface TaskRunCreation {
  taskRun: Omit<TaskRunCreate, 'state'>
  /** The first state, with a fresh id and timestamp. */
  state: State
  client: Client
}

export interface CreatedTaskRun {
  taskRun: TaskRunRecord
  /** False when a run with these keys was there already; it is returned as it is. */
  created: boolean
}

type Parent = Pick<Row<'flow_run'>, 'id' | 'labels' | 'run_count' | 'state_id' | 'state_type'>

const loadParents = prepared<Parent>((session) =>
  session.build
    .selectFrom('flow_run')
    .select(['id', 'labels', 'run_count', 'state_id', 'state_type'])
    .where(inList(session, 'flow_run.id', [])),
)

/**
 * Creates task runs with their first states, in one statement for each table. A run whose flow run, task key
 * and dynamic key are taken is answered with the one that has them. An unknown flow run, or an id that
 * another run has, is an integrity error in that run's place.
 */
export async function createTaskRuns(
  session: Session,
  creations: readonly TaskRunCreation[],
  context: ModelContext,
): Promise<(CreatedTaskRun | DatabaseError)[]> {
  const results: (CreatedTaskRun | DatabaseError)[] = []
  const flowRunIds = [...new Set(creations.flatMap(({ taskRun }) => taskRun.flow_run_id ?? []))]
  const rows = flowRunIds.length > 0 ? await loadParents(session, [listParameter(session, flowRunIds)]) : []
  const parents = new Map(rows.map((row) => [row.id, row]))
  const writes = new TaskRunWrites(context)
  const prepared: { index: number; born: Born }[] = []
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
      if (existing) results[index] = { taskRun: existing, created: false }
    } else if (!parents.has(flow_run_id)) {
      results[index] = new DatabaseError('integrity', `There is no flow run ${flow_run_id}`)
    }
    if (!results[index])
      prepared.push({ index, born: bear(creation, parents.get(flow_run_id ?? ''), context) })
  }
  const inserted = await insertRows(
    session,
    'task_run',
    prepared.map(({ born }) => born.row),
    'ignore',
  )
  for (const { index, born } of prepared) {
    if (inserted.delete(born.row.id)) {
      if (born.state) writes.addState(born.run, born.state)
      writes.addEffects(born.run, born.state, born.effects)
      results[index] = { taskRun: { ...born.row, state: born.state }, created: true }
    } else {
      const existing = await readByNaturalKey(session, born.row)
      results[index] = existing
        ? { taskRun: existing, created: false }
        : new DatabaseError('integrity', `There is a task run ${born.row.id} already, with other keys`)
    }
  }
  await writes.apply(session)
  for (const index of repeated) {
    const existing = await readByNaturalKey(session, (creations[index] as TaskRunCreation).taskRun)
    results[index] = { taskRun: existing as TaskRunRecord, created: false }
  }
  return results
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

interface Born {
  row: Row<'task_run'>
  run: TaskRun
  state: State | null
  effects: ReturnType<typeof decideTaskTransition>['effects']
}

/** The row as it is after its first state; to create with a state is to write it by force. */
function bear(
  { taskRun, state, client }: TaskRunCreation,
  parent: Parent | undefined,
  context: ModelContext,
): Born {
  const now = context.clock.now()
  const blank: TaskRun = {
    id: taskRun.id ?? context.ids.ordered(),
    flow_run_id: taskRun.flow_run_id,
    task_key: taskRun.task_key,
    tags: taskRun.tags,
    empirical_policy: taskRunPolicy(
      taskRun.empirical_policy as JsonObject & TaskRunCreate['empirical_policy'],
    ),
    run_count: 0,
    flow_run_run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
  }
  const policy = selectTaskPolicy({
    force: true,
    deferred: state.state_details.deferred === true,
    generation: client.generation,
    hasFlowRun: taskRun.flow_run_id !== null,
  })
  const facts: TaskFacts = {
    ...ruleContext(context, client),
    current: null,
    run: blank,
    parent: parent && { run_count: parent.run_count, state: null },
    cached: undefined,
    tag_limits: [],
  }
  const decision = decideTaskTransition(policy, facts, state)
  const run = { ...blank, ...decision.patch }
  const written = decision.state
  const row: Row<'task_run'> = {
    id: run.id,
    created: now,
    updated: now,
    name: taskRun.name || randomRunName(context.random),
    flow_run_id: run.flow_run_id,
    task_key: taskRun.task_key,
    dynamic_key: taskRun.dynamic_key,
    cache_key: taskRun.cache_key,
    cache_expiration: taskRun.cache_expiration,
    task_version: taskRun.task_version,
    empirical_policy: compactPolicy(taskRun.empirical_policy),
    tags: taskRun.tags,
    labels: parent
      ? { ...parent.labels, 'prefect.flow-run.id': parent.id, ...taskRun.labels }
      : (taskRun.labels ?? {}),
    task_inputs: taskRun.task_inputs as unknown as JsonObject,
    state_id: written?.id ?? null,
    state_type: written?.type ?? null,
    state_name: written?.name ?? null,
    state_timestamp: written?.timestamp ?? null,
    run_count: run.run_count,
    flow_run_run_count: run.flow_run_run_count,
    expected_start_time: run.expected_start_time,
    next_scheduled_start_time: run.next_scheduled_start_time,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
  }
  return { row, run, state: written, effects: decision.effects }
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
