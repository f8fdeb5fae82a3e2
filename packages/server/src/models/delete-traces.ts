import { sql } from 'kysely'
import type { Expression } from 'kysely'
import type { LeaseHolder } from '@reeve/orchestration/effects'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { releaseLease, releaseLeasesOf } from './leases.ts'

/** A run that ended or was put off has given the slot of its deployment back. */
const MAY_HOLD_SLOT = ['PENDING', 'RUNNING', 'CANCELLING', 'SCHEDULED']

/**
 * Removes what foreign keys do not when flow runs are about to be deleted: their logs, the slots which they
 * and their task runs hold, and the mark of being a subflow on the runs that their task runs started. `runs`
 * selects ids.
 */
export async function deleteTracesOfRuns(
  session: Session,
  runs: Expression<unknown>,
  context: ModelContext,
): Promise<void> {
  const { build } = session
  for (const holder of await holdersAmong(session, runs)) await releaseLeasesOf(session, holder, context)
  // Without a live lease a run holds no slot of its deployment, whatever its state.
  for (const leaseId of await deploymentLeases(session, runs)) await releaseLease(session, leaseId, context)
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

/** The same before blocks are deleted, with which the flow runs go whose infrastructure they describe. */
export async function deleteTracesOfBlocks(
  session: Session,
  column: 'id' | 'block_schema_id' | 'block_type_id',
  id: string,
  context: ModelContext,
): Promise<void> {
  const { build } = session
  const blocks = build.selectFrom('block_document').select('id').where(column, '=', id)
  const runs = build.selectFrom('flow_run').select('id').where('infrastructure_document_id', 'in', blocks)
  await deleteTracesOfRuns(session, runs, context)
}

async function holdersAmong(session: Session, runs: Expression<unknown>): Promise<LeaseHolder[]> {
  const rows = await session.all(
    session.build
      .selectFrom('concurrency_lease')
      .select(['holder_type', 'holder_id'])
      .distinct()
      .where((where) =>
        where.or([
          where.and([
            where('holder_type', '=', 'task_run'),
            sql<boolean>`exists (select 1 from task_run where task_run.id = concurrency_lease.holder_id and task_run.flow_run_id in (${runs}))`,
          ]),
          where.and([where('holder_type', '=', 'flow_run'), sql<boolean>`holder_id in (${runs})`]),
        ]),
      ),
  )
  return rows.map(({ holder_type, holder_id }) => ({ type: holder_type, id: holder_id }) as LeaseHolder)
}

async function deploymentLeases(session: Session, runs: Expression<unknown>): Promise<string[]> {
  const rows = await session.all(
    session.build
      .selectFrom('flow_run')
      .innerJoin('flow_run_state', 'flow_run_state.id', 'flow_run.state_id')
      .select('flow_run_state.state_details')
      .where(sql<boolean>`flow_run.id in (${runs})`)
      .where('flow_run.deployment_id', 'is not', null)
      .where('flow_run.state_type', 'in', MAY_HOLD_SLOT)
      .where((where) =>
        where.or([where('flow_run.state_type', '!=', 'SCHEDULED'), where('flow_run.run_count', '>', 0)]),
      ),
  )
  const ids = rows.map(({ state_details }) => state_details['deployment_concurrency_lease_id'])
  return ids.filter((id) => typeof id === 'string')
}
