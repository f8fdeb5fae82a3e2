import { sql } from 'kysely'
import type { StateDetails } from '@reeve/schemas/state'
import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { lockRows } from '../database/lock-rows.ts'
import { listParameter, prepared } from '../database/prepared.ts'
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
  for (const { id, task_key, queue } of enqueued) {
    const place = {
      task_key,
      is_retry: queue === 'retry',
      enqueued: now,
      claim_id: null,
      claim_expires: null,
    }
    places.set(id, { task_run_id: id, ...place })
  }
  await forgetPlaces(session, [...places.keys()])
  await insertRows(session, 'task_run_queue', [...places.values()])
  session.onCommit(() => {
    for (const { id, task_key, queue } of enqueued)
      context.bus.publish('scheduledTaskRun', { task_key, task_run_id: id, queue })
  })
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
 * Gives the claimant the runs that wait longest under its keys, runs to be retried first; at most `limit`. Runs
 * that no longer wait to be started are forgotten.
 */
export async function claimTaskRuns(
  session: Session,
  claim: Claim,
  limit: number,
): Promise<WaitingTaskRun[]> {
  const claimed: WaitingTaskRun[] = []
  while (claimed.length < limit) {
    const next = await nextPlaces(session, claim, limit - claimed.length)
    if (next.length === 0) break
    const rows = await readWaiting(session, [listParameter(session, next)])
    const waiting = new Map(rows.map((row) => [row.id, waitingTaskRun(row)]))
    const stale = next.filter((id) => !waiting.has(id))
    if (waiting.size > 0) await markClaimed(session, claim, [...waiting.keys()])
    if (stale.length > 0) await forgetPlaces(session, stale)
    for (const id of next) {
      const run = waiting.get(id)
      if (run) claimed.push(run)
    }
  }
  return claimed
}

type WaitingRow = Omit<WaitingTaskRun, 'state'> & {
  state_name: string | null
  state__state_details: Row<'task_run_state'>['state_details'] | null
}

/** Those of the runs that still wait to be started. */
const readWaiting = prepared<WaitingRow>((session) =>
  session.build
    .selectFrom('task_run')
    .leftJoin('task_run_state as state', 'state.id', 'task_run.state_id')
    .select([
      'task_run.id',
      'task_run.name',
      'task_run.task_key',
      'task_run.flow_run_id',
      'task_run.tags',
      'task_run.labels',
      'task_run.run_count',
      'task_run.state_name',
      'state.state_details as state__state_details',
    ])
    .where(inList(session, 'task_run.id', []))
    .where('task_run.state_type', '=', sql.lit('SCHEDULED'))
    .$castTo<WaitingRow>(),
)

function waitingTaskRun({ state_name, state__state_details, ...run }: WaitingRow): WaitingTaskRun {
  const { task_parameters_id = null } = (state__state_details ?? {}) as Partial<StateDetails>
  return { ...run, state: { name: state_name ?? 'Scheduled', state_details: { task_parameters_id } } }
}

/** One query for each key, along its index: a sort of all that waits would grow with the queue. */
async function nextPlaces(session: Session, claim: Claim, limit: number): Promise<string[]> {
  const found: string[] = []
  for (const isRetry of [true, false]) {
    const places: { task_run_id: string; enqueued: Timestamp }[] = []
    for (const key of claim.task_keys)
      places.push(...(await freePlaces(session, { key, isRetry, now: claim.now, limit })))
    if (claim.task_keys.length > 1) places.sort((a, b) => a.enqueued - b.enqueued)
    for (const { task_run_id } of places.slice(0, limit - found.length)) found.push(task_run_id)
    if (found.length === limit) break
  }
  return found
}

interface PlaceQuery {
  key: string
  isRetry: boolean
  now: Timestamp
  limit: number
}

function freePlaces(session: Session, { key, isRetry, now, limit }: PlaceQuery) {
  const query = session.build
    .selectFrom('task_run_queue')
    .select(['task_run_id', 'enqueued'])
    .where('task_key', '=', key)
    .where('is_retry', '=', isRetry)
    .where(({ eb, or }) => or([eb('claim_expires', 'is', null), eb('claim_expires', '<', now)]))
    .orderBy('enqueued')
    .limit(limit)
  return session.all(lockRows(session, query, { skipLocked: true }))
}

async function markClaimed(session: Session, claim: Claim, ids: readonly string[]): Promise<void> {
  await session.run(
    session.build
      .updateTable('task_run_queue')
      .set({ claim_id: claim.id, claim_expires: claim.expires })
      .where(inList(session, 'task_run_id', ids)),
  )
}

async function forgetPlaces(session: Session, ids: readonly string[]): Promise<void> {
  await session.run(session.build.deleteFrom('task_run_queue').where(inList(session, 'task_run_id', ids)))
}

/** The claimant has these runs: they wait no more. */
export async function acknowledgeTaskRuns(
  session: Session,
  claimId: string,
  taskRunIds: readonly string[],
): Promise<void> {
  await session.run(
    session.build
      .deleteFrom('task_run_queue')
      .where(inList(session, 'task_run_id', taskRunIds))
      .where('claim_id', '=', claimId),
  )
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
