import type { Session } from '../database/session.ts'

export interface QueueRef {
  id: string
  name: string
}

/** The queue of a pool by name; without a name the pool's default one. Undefined when there is none. */
export async function readPoolQueue(
  session: Session,
  poolName: string,
  queueName: string | null,
): Promise<QueueRef | undefined> {
  return session.first(
    session.build
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .select(['work_queue.id', 'work_queue.name'])
      .where('work_pool.name', '=', poolName)
      .where('work_queue.name', '=', queueName ?? 'default'),
  )
}
