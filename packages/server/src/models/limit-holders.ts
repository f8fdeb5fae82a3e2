import { sql } from 'kysely'
import type { SqlBool } from 'kysely'
import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'

export interface HolderOfSlots {
  type: string | null
  id: string | null
  slots: number
  since: Timestamp
  expiration: Timestamp
}

/** Who has slots of a limit, longest first. */
export async function readHolders(session: Session, limitId: string): Promise<HolderOfSlots[]> {
  const rows = await session.all(
    session.build
      .selectFrom('concurrency_lease_limit')
      .innerJoin('concurrency_lease', 'concurrency_lease.id', 'concurrency_lease_limit.lease_id')
      .select(['holder_type', 'holder_id', 'slots', 'created', 'expiration'])
      .where('concurrency_lease_limit.limit_id', '=', limitId)
      .orderBy('created'),
  )
  return rows.map(({ holder_type, holder_id, slots, created, expiration }) => ({
    type: holder_type,
    id: holder_id,
    slots,
    since: created,
    expiration,
  }))
}

/** The place of a task run among those with its tag that are due and not running, by how long they have been. */
export async function positionForTag(
  session: Session,
  taskRunId: string,
  tag: string,
  now: Timestamp,
): Promise<number> {
  const tagged =
    session.dialect === 'sqlite'
      ? sql<SqlBool>`exists (select 1 from json_each(task_run.tags) where value = ${tag})`
      : sql<SqlBool>`task_run.tags @> ${JSON.stringify([tag])}::jsonb`
  const rows = await session.all(
    session.build
      .selectFrom('task_run')
      .select('id')
      .where('state_type', 'in', ['PENDING', 'SCHEDULED'])
      .where((eb) =>
        eb.or([eb('next_scheduled_start_time', 'is', null), eb('next_scheduled_start_time', '<=', now)]),
      )
      .where(tagged)
      .orderBy('expected_start_time')
      .orderBy('id')
      .limit(1000),
  )
  const index = rows.findIndex(({ id }) => id === taskRunId)
  return index === -1 ? rows.length + 1 : index + 1
}

/** The place of a flow run among those of its deployment that wait for a slot. */
export async function positionForDeployment(
  session: Session,
  flowRunId: string,
  deploymentId: string,
): Promise<number> {
  const rows = await session.all(
    session.build
      .selectFrom('flow_run')
      .select('id')
      .where('deployment_id', '=', deploymentId)
      .where('state_type', '=', 'SCHEDULED')
      .orderBy('expected_start_time')
      .orderBy('id')
      .limit(1000),
  )
  const index = rows.findIndex(({ id }) => id === flowRunId)
  return index === -1 ? rows.length + 1 : index + 1
}
