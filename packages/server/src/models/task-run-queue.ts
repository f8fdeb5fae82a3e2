import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import type { TaskRunRecord } from './records.ts'
import { readTaskRun } from './task-runs.ts'

export interface Enqueued {
  id: string
  task_key: string
  queue: 'scheduled' | 'retry'
}

/** Lets a background task run wait for a worker; once that is durable, waiting workers are told. */
export async function enqueueTaskRun(
  session: Session,
  { id, task_key, queue }: Enqueued,
  context: ModelContext,
): Promise<void> {
  const place = {
    task_key,
    is_retry: queue === 'retry',
    enqueued: context.clock.now(),
    claim_id: null,
    claim_expires: null,
  }
  await session.run(
    session.build
      .insertInto('task_run_queue')
      .values({ task_run_id: id, ...place })
      .onConflict((conflict) => conflict.column('task_run_id').doUpdateSet(place)),
  )
  session.onCommit(() => context.bus.publish('scheduledTaskRun', { task_key, task_run_id: id, queue }))
}

export interface Claim {
  /** Who claims: one id for each connection of a worker. */
  id: string
  task_keys: readonly string[]
  now: Timestamp
  /** Until then no one else gets the run. */
  expires: Timestamp
}

/**
 * Gives the claimant the next run that waits under one of its keys, runs to be retried first. A run that no
 * longer waits to be started is forgotten.
 */
export async function claimTaskRun(session: Session, claim: Claim): Promise<TaskRunRecord | undefined> {
  for (;;) {
    const next = await session.first(
      lockRows(
        session,
        session.build
          .selectFrom('task_run_queue')
          .select('task_run_id')
          .where(inList(session, 'task_run_queue.task_key', claim.task_keys))
          .where(({ eb, or }) => or([eb('claim_expires', 'is', null), eb('claim_expires', '<', claim.now)]))
          .orderBy('is_retry', 'desc')
          .orderBy('enqueued')
          .orderBy('task_run_id')
          .limit(1),
        { skipLocked: true },
      ),
    )
    if (!next) return undefined
    const taskRun = await readTaskRun(session, next.task_run_id)
    const place = (query: 'update' | 'delete') =>
      query === 'update'
        ? session.build
            .updateTable('task_run_queue')
            .set({ claim_id: claim.id, claim_expires: claim.expires })
            .where('task_run_id', '=', next.task_run_id)
        : session.build.deleteFrom('task_run_queue').where('task_run_id', '=', next.task_run_id)
    const isWaiting = taskRun?.state_type === 'SCHEDULED'
    await session.run(place(isWaiting ? 'update' : 'delete'))
    if (isWaiting) return taskRun
  }
}

/** The claimant has the run: it waits no more. False when the claim had been lost meanwhile. */
export async function acknowledgeTaskRun(
  session: Session,
  claimId: string,
  taskRunId: string,
): Promise<boolean> {
  const deleted = await session.run(
    session.build
      .deleteFrom('task_run_queue')
      .where('task_run_id', '=', taskRunId)
      .where('claim_id', '=', claimId),
  )
  return deleted > 0
}

/** Puts back, before the others, what the claimant did not acknowledge. */
export async function releaseClaims(session: Session, claimId: string, context: ModelContext): Promise<void> {
  await putBack(session, claimId, context)
}

/** Puts back everything that is claimed: for the start of the only server, when no claimant can be left. */
export async function releaseAllClaims(session: Session, context: ModelContext): Promise<void> {
  await putBack(session, undefined, context)
}

async function putBack(session: Session, claimId: string | undefined, context: ModelContext): Promise<void> {
  const all = session.build.selectFrom('task_run_queue').select(['task_run_id', 'task_key'])
  const held = await session.all(
    claimId === undefined ? all.where('claim_id', 'is not', null) : all.where('claim_id', '=', claimId),
  )
  for (const { task_run_id, task_key } of held) {
    const place = { is_retry: true, claim_id: null, claim_expires: null }
    await session.run(
      session.build.updateTable('task_run_queue').set(place).where('task_run_id', '=', task_run_id),
    )
    session.onCommit(() => context.bus.publish('scheduledTaskRun', { task_key, task_run_id, queue: 'retry' }))
  }
}
