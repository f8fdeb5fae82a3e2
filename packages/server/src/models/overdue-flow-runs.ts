import { sql } from 'kysely'
import type { SqlBool } from 'kysely'
import { parseTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'

/** A run and the state in which it was found. */
export interface FoundRun {
  id: string
  state_id: string | null
}

/** Ids of runs which should have started before `before` and are still plainly `Scheduled`. */
export async function readLateFlowRuns(
  session: Session,
  before: Timestamp,
  limit: number,
): Promise<string[]> {
  const rows = await session.all(
    session.build
      .selectFrom('flow_run')
      .select('id')
      .where('next_scheduled_start_time', '<=', before)
      .where('state_type', '=', 'SCHEDULED')
      .where('state_name', '=', 'Scheduled')
      .orderBy('next_scheduled_start_time')
      .limit(limit),
  )
  return rows.map(({ id }) => id)
}

/** When the first run which is plainly `Scheduled` should start. */
export async function firstScheduledStart(session: Session): Promise<Timestamp | undefined> {
  const row = await session.first(
    session.build
      .selectFrom('flow_run')
      .select('next_scheduled_start_time')
      .where('state_type', '=', 'SCHEDULED')
      .where('state_name', '=', 'Scheduled')
      .where('next_scheduled_start_time', 'is not', null)
      .orderBy('next_scheduled_start_time')
      .limit(1),
  )
  return row?.next_scheduled_start_time ?? undefined
}

/** Paused runs whose pause has timed out by `now`. */
export async function readExpiredPauses(session: Session, now: Timestamp): Promise<FoundRun[]> {
  const timeouts = await readPauseTimeouts(session)
  return timeouts.filter(({ at }) => at < now)
}

/** When paused runs time out, in no order. */
export async function readPauseTimeouts(session: Session): Promise<(FoundRun & { at: Timestamp })[]> {
  const rows = await session.all(
    session.build
      .selectFrom('flow_run')
      .innerJoin('flow_run_state as state', 'state.id', 'flow_run.state_id')
      .select(['flow_run.id', 'flow_run.state_id', 'state.state_details as state__state_details'])
      .where('flow_run.state_type', '=', 'PAUSED'),
  )
  return rows.flatMap(({ id, state_id, state__state_details: details }) => {
    const timeout = details['pause_timeout']
    const at = typeof timeout === 'string' ? parseTimestamp(timeout) : undefined
    return at === undefined ? [] : [{ id, state_id, at }]
  })
}

const STILL_GOING = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING']

/** Unfinished task runs whose flow run was cancelled since `since`. */
export async function readTaskRunsOfCancelled(
  session: Session,
  since: Timestamp,
  limit: number,
): Promise<FoundRun[]> {
  return session.all(
    session.build
      .selectFrom('flow_run')
      .innerJoin('task_run', 'task_run.flow_run_id', 'flow_run.id')
      .select(['task_run.id', 'task_run.state_id'])
      .where('flow_run.state_type', '=', 'CANCELLED')
      .where('flow_run.end_time', '>=', since)
      .where('task_run.state_type', 'in', STILL_GOING)
      .limit(limit),
  )
}

/** Unfinished subflow runs whose parent flow run is cancelled, or gone with the task run that stood for them. */
export async function readSubflowsOfCancelled(
  session: Session,
  limit: number,
): Promise<(FoundRun & { deployment_id: string | null; state_type: string | null })[]> {
  const parentCancelled = sql<SqlBool>`exists (
    select 1 from task_run join flow_run parent on parent.id = task_run.flow_run_id
    where task_run.id = flow_run.parent_task_run_id and parent.state_type = 'CANCELLED')`
  return session.all(
    session.build
      .selectFrom('flow_run')
      .select(['flow_run.id', 'flow_run.state_id', 'flow_run.deployment_id', 'flow_run.state_type'])
      .where('flow_run.parent_task_run_id', 'is not', null)
      .where('flow_run.state_type', 'in', STILL_GOING)
      .where(parentCancelled)
      .limit(limit),
  )
}

/** Runs that have been CANCELLING since before `before`. */
export async function readStuckCancelling(session: Session, before: Timestamp): Promise<FoundRun[]> {
  return session.all(
    session.build
      .selectFrom('flow_run')
      .select(['id', 'state_id'])
      .where('state_type', '=', 'CANCELLING')
      .where('state_timestamp', '<=', before),
  )
}

/** When the run that has been CANCELLING for longest became so. */
export async function firstCancelling(session: Session): Promise<Timestamp | undefined> {
  const row = await session.first(
    session.build
      .selectFrom('flow_run')
      .select('state_timestamp')
      .where('state_type', '=', 'CANCELLING')
      .where('state_timestamp', 'is not', null)
      .orderBy('state_timestamp')
      .limit(1),
  )
  return row?.state_timestamp ?? undefined
}
