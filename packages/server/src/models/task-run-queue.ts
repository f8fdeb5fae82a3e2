import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

export interface Enqueued {
  id: string
  task_key: string
  queue: 'scheduled' | 'retry'
}

/** Lets background task runs wait for a worker; once that is durable, waiting workers are told. */
export async function enqueueTaskRuns(
  session: Session,
  enqueued: readonly Enqueued[],
  context: ModelContext,
): Promise<void> {
  if (enqueued.length === 0) return
  const now = context.clock.now()
  const places = new Map<string, Row<'task_run_queue'>>()
  for (const { id, task_key, queue } of enqueued)
    places.set(id, { task_run_id: id, task_key, is_retry: queue === 'retry', enqueued: now })
  await forgetPlaces(session, [...places.keys()])
  await insertRows(session, 'task_run_queue', [...places.values()])
  session.onCommit(() => {
    for (const { id, task_key, queue } of enqueued)
      context.bus.publish('scheduledTaskRun', { task_key, task_run_id: id, queue })
  })
}

/**
 * Takes the runs that wait longest under these keys, those to be retried first, out of the queue; at most `limit`.
 * Others who do the same at the same time get other runs.
 */
export async function dequeueTaskRuns(
  session: Session,
  taskKeys: readonly string[],
  limit: number,
): Promise<string[]> {
  const found: string[] = []
  for (const isRetry of [true, false]) {
    const places: { task_run_id: string; enqueued: Timestamp }[] = []
    // One query for each key, along its index: a sort of all that waits would grow with the queue.
    for (const key of taskKeys) places.push(...(await firstPlaces(session, key, isRetry, limit)))
    if (taskKeys.length > 1) places.sort((a, b) => a.enqueued - b.enqueued)
    for (const { task_run_id } of places.slice(0, limit - found.length)) found.push(task_run_id)
    if (found.length === limit) break
  }
  if (found.length > 0) session.later(forgetPlaces(session, found))
  return found
}

function firstPlaces(session: Session, key: string, isRetry: boolean, limit: number) {
  const query = session.build
    .selectFrom('task_run_queue')
    .select(['task_run_id', 'enqueued'])
    .where('task_key', '=', key)
    .where('is_retry', '=', isRetry)
    .orderBy('enqueued')
    .limit(limit)
  return session.all(lockRows(session, query, { skipLocked: true }))
}

async function forgetPlaces(session: Session, ids: readonly string[]): Promise<void> {
  await session.run(session.build.deleteFrom('task_run_queue').where(inList(session, 'task_run_id', ids)))
}

/** Lets those of the runs that still wait to be started wait again, before the others; with `since`, if they have not moved since. */
export async function requeueTaskRuns(
  session: Session,
  taskRunIds: readonly string[],
  context: ModelContext,
  since?: Timestamp,
): Promise<void> {
  if (taskRunIds.length === 0) return
  const scheduled = session.build
    .selectFrom('task_run')
    .select(['id', 'task_key'])
    .where(inList(session, 'id', taskRunIds))
    .where('state_type', '=', 'SCHEDULED')
  const runs = await session.all(
    since === undefined ? scheduled : scheduled.where('state_timestamp', '<=', since),
  )
  const enqueued = context.clock.now()
  const places = runs.map(({ id, task_key }) => ({ task_run_id: id, task_key, is_retry: true, enqueued }))
  await insertRows(session, 'task_run_queue', places, 'ignore')
  session.onCommit(() => {
    for (const { id, task_key } of runs)
      context.bus.publish('scheduledTaskRun', { task_key, task_run_id: id, queue: 'retry' })
  })
}
