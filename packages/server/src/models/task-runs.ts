import { STATE_TYPES } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import { taskRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { taskRunRecord, taskRunsWithState } from './joined-task-run.ts'
import type { JoinedTaskRun } from './joined-task-run.ts'
import { releaseLeasesOf } from './leases.ts'
import type { TaskRunRecord } from './records.ts'
import { TASK_RUN_ORDERS } from './run-order.ts'
import { pageOfTaskRuns } from './task-run-page.ts'
import type { TaskRunQuery } from './task-run-page.ts'
import { readTally, sumTally, tallyQuestion } from './task-run-tally.ts'

const readByIds = prepared<JoinedTaskRun>((session) =>
  taskRunsWithState(session).where(inList(session, 'task_run.id', [])),
)

/** Those of the runs that exist, by id. */
export async function readTaskRunsById(
  session: Session,
  taskRunIds: readonly string[],
): Promise<Map<string, TaskRunRecord>> {
  const rows = await readByIds(session, [listParameter(session, taskRunIds)])
  return new Map(rows.map((row) => [row.id, taskRunRecord(row)]))
}

export async function readTaskRun(session: Session, taskRunId: string): Promise<TaskRunRecord | undefined> {
  return (await readTaskRunsById(session, [taskRunId])).get(taskRunId)
}

/** The matching runs, by id descending unless told otherwise. */
export async function readTaskRuns(session: Session, query: TaskRunQuery): Promise<TaskRunRecord[]> {
  const order = TASK_RUN_ORDERS[query.sort ?? 'ID_DESC']
  // Which rows is decided before their states are joined, so that only a page of wide rows is ever sorted.
  const page = await pageOfTaskRuns(session, query)
  const rows = await session.all(taskRunsWithState(session).where('task_run.id', 'in', page).orderBy(order))
  return rows.map(taskRunRecord)
}

export async function countTaskRuns(session: Session, filters: RunFilters): Promise<number> {
  const question = tallyQuestion(filters)
  if (question) return sumTally(session, question)
  return countRows(session, 'task_run', taskRunMatches(session, filters))
}

/** How many of the matching runs are in a state of each type; runs without a state are in none. */
export async function countTaskRunsByState(
  session: Session,
  filters: RunFilters,
): Promise<{ [Type in StateType]: number }> {
  const counts = Object.fromEntries(STATE_TYPES.map((type) => [type, 0])) as { [Type in StateType]: number }
  const question = tallyQuestion(filters)
  if (question) {
    for (const [type, runs] of await readTally(session, question)) if (type) counts[type as StateType] = runs
    return counts
  }
  const rows = await session.all(
    session.build
      .selectFrom('task_run')
      .select(({ fn }) => ['state_type', fn.countAll<number>().as('runs')])
      .where(taskRunMatches(session, filters))
      .where('state_type', 'is not', null)
      .groupBy('state_type'),
  )
  for (const { state_type, runs } of rows) counts[state_type as StateType] = runs
  return counts
}

export type TaskRunPatch = Partial<Pick<Row<'task_run'>, 'name'>>

/** Writes only the fields of the patch; whether there is such a run. */
export async function updateTaskRun(
  session: Session,
  taskRunId: string,
  patch: TaskRunPatch,
  context: ModelContext,
): Promise<boolean> {
  const changes = await session.run(
    session.build
      .updateTable('task_run')
      .set({ ...patch, updated: context.clock.now() })
      .where('id', '=', taskRunId),
  )
  return changes > 0
}

/**
 * Deletes the run with its states and logs and gives its slots back; subflow runs that it stood for become
 * top-level runs. Whether there was such a run.
 */
export async function deleteTaskRun(
  session: Session,
  taskRunId: string,
  context: ModelContext,
): Promise<boolean> {
  const { build } = session
  const deleted = await session.run(build.deleteFrom('task_run').where('id', '=', taskRunId))
  if (deleted === 0) return false
  await releaseLeasesOf(session, { type: 'task_run', id: taskRunId }, context)
  await session.run(
    build
      .updateTable('flow_run')
      .set({ parent_task_run_id: null })
      .where('parent_task_run_id', '=', taskRunId),
  )
  await session.run(build.deleteFrom('log').where('task_run_id', '=', taskRunId))
  return true
}
