import { sql } from 'kysely'
import type { Expression } from 'kysely'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { releaseLeasesOf } from './leases.ts'

/**
 * Removes what foreign keys do not when flow runs are about to be deleted: their logs, the slots of their
 * task runs, and the mark of being a subflow on the runs that their task runs started. `runs` selects ids.
 */
export async function deleteTracesOfRuns(
  session: Session,
  runs: Expression<unknown>,
  context: ModelContext,
): Promise<void> {
  const { build } = session
  const holders = await session.all(
    build
      .selectFrom('concurrency_lease')
      .select('holder_id as id')
      .distinct()
      .where('holder_type', '=', 'task_run')
      .where(
        sql<boolean>`exists (select 1 from task_run where task_run.id = concurrency_lease.holder_id and task_run.flow_run_id in (${runs}))`,
      ),
  )
  for (const { id } of holders) {
    if (id !== null) await releaseLeasesOf(session, { type: 'task_run', id }, context)
  }
  await session.run(
    build
      .updateTable('flow_run')
      .set({ parent_task_run_id: null })
      .where(
        sql<boolean>`parent_task_run_id in (select task_run.id from task_run where task_run.flow_run_id in (${runs}))`,
      ),
  )
  await session.run(build.deleteFrom('log').where(sql<boolean>`log.flow_run_id in (${runs})`))
}
