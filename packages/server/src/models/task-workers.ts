import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

export type TaskWorkerRow = Row<'task_worker'>

/** A worker may be connected more than once; together its connections serve these keys. */
export interface TaskWorkerRecord {
  identifier: string
  task_keys: string[]
  heard: Timestamp
}

/** A connection of which nothing was heard for so long is gone, with the server that held it. */
export const FORGOTTEN_AFTER = 60 * 1_000_000

/** Notes that a connection of a worker is there now. */
export async function observeTaskWorker(session: Session, worker: TaskWorkerRow): Promise<void> {
  const { heard } = worker
  await session.run(
    session.build
      .insertInto('task_worker')
      .values(worker)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ heard })),
  )
}

export async function forgetTaskWorker(session: Session, id: string): Promise<void> {
  await session.run(session.build.deleteFrom('task_worker').where('id', '=', id))
}

export async function forgetLostTaskWorkers(session: Session, now: Timestamp): Promise<void> {
  await session.run(session.build.deleteFrom('task_worker').where('heard', '<', now - FORGOTTEN_AFTER))
}

/** For the start of the only server, which no worker can be connected to yet. */
export async function forgetAllTaskWorkers(session: Session): Promise<void> {
  await session.run(session.build.deleteFrom('task_worker'))
}

/** The workers that serve any of the keys; with no keys, all that are connected. */
export async function readTaskWorkers(
  session: Session,
  taskKeys: readonly string[],
  now: Timestamp,
): Promise<TaskWorkerRecord[]> {
  const rows = await session.all(
    session.build
      .selectFrom('task_worker')
      .selectAll()
      .where('heard', '>=', now - FORGOTTEN_AFTER)
      .orderBy('identifier'),
  )
  const workers = new Map<string, TaskWorkerRecord>()
  for (const { identifier, task_keys, heard } of rows) {
    const known = workers.get(identifier)
    workers.set(identifier, {
      identifier,
      task_keys: [...new Set([...(known?.task_keys ?? []), ...task_keys])],
      heard: Math.max(known?.heard ?? 0, heard),
    })
  }
  const all = [...workers.values()]
  return taskKeys.length === 0
    ? all
    : all.filter(({ task_keys }) => task_keys.some((key) => taskKeys.includes(key)))
}
