import { sql } from 'kysely'
import type { ExpressionBuilder } from 'kysely'
import type { StateDetails } from '@reeve/schemas/state'
import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Tables } from '../database/tables.ts'
import { dequeueTaskRuns, requeueTaskRuns } from './task-run-queue.ts'

export interface Claim {
  id: string
  /** Who claims: one id for each connection of a worker. */
  holder: string
  task_keys: readonly string[]
  /** At most so many runs. */
  limit: number
  /** Until then no one else gets the runs, unless the claim is released. */
  expires: Timestamp
}

/**
 * Takes out of the queue, for the holder, the runs that wait longest; runs that no longer wait to be started
 * are forgotten. The claim keeps them until it is settled.
 */
export async function claimTaskRuns(session: Session, claim: Claim): Promise<WaitingTaskRun[]> {
  const { id, holder, task_keys, limit, expires } = claim
  const claimed: WaitingTaskRun[] = []
  let newest = 0
  while (claimed.length < limit) {
    const next = await dequeueTaskRuns(session, task_keys, limit - claimed.length)
    if (next.length === 0) break
    const rows = await readWaiting(session, [listParameter(session, next)])
    const waiting = new Map(rows.map((row) => [row.id, row]))
    for (const row of next.flatMap((each) => waiting.get(each) ?? [])) {
      newest = Math.max(newest, row.state_timestamp ?? 0)
      claimed.push(waitingTaskRun(row))
    }
  }
  if (claimed.length === 0) return []
  const task_run_ids = claimed.map((run) => run.id)
  session.later(
    insertRows(session, 'task_run_claim', [{ id, holder, claimed: newest, expires, task_run_ids }]),
  )
  return claimed
}

type WaitingRow = Omit<WaitingTaskRun, 'state'> & {
  state_name: string | null
  state_timestamp: Timestamp | null
  state__state_details: Partial<StateDetails> | null
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
      'task_run.state_timestamp',
      'state.state_details as state__state_details',
    ])
    .where(inList(session, 'task_run.id', []))
    .where('task_run.state_type', '=', sql.lit('SCHEDULED'))
    .$castTo<WaitingRow>(),
)

function waitingTaskRun({
  state_name,
  state_timestamp: _,
  state__state_details,
  ...run
}: WaitingRow): WaitingTaskRun {
  const { task_parameters_id = null } = state__state_details ?? {}
  return { ...run, state: { name: state_name ?? 'Scheduled', state_details: { task_parameters_id } } }
}

/** The holder has said of all runs of these claims what becomes of them. */
export async function settleClaims(session: Session, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await session.run(session.build.deleteFrom('task_run_claim').where(inList(session, 'id', ids)))
}

/** Ends all claims of the holder. Its runs that are `left`, each with the id of its claim, go to others. */
export async function releaseClaims(
  session: Session,
  holder: string,
  left: ReadonlyMap<string, string>,
  context: ModelContext,
): Promise<void> {
  const released = await session.all(
    session.build.deleteFrom('task_run_claim').where('holder', '=', holder).returning('id'),
  )
  // What was in a claim that is gone already may be with another worker by now.
  const ids = new Set(released.map(({ id }) => id))
  const still = [...left].flatMap(([run, claim]) => (ids.has(claim) ? [run] : []))
  await requeueTaskRuns(session, still, context)
}

/** Who holds claims is noted every five seconds; of whom nothing was heard for so long, the server died. */
const SILENT = 20_000_000

/**
 * Ends claims that expired before `until` or whose holder's server has died, or all; their runs that have not
 * moved go to others.
 */
export async function releaseLostClaims(
  session: Session,
  context: ModelContext,
  until?: Timestamp,
): Promise<void> {
  const all = session.build.deleteFrom('task_run_claim').returning(['claimed', 'task_run_ids'])
  const lost = await session.all(until === undefined ? all : all.where(isLost(until)))
  for (const { claimed, task_run_ids } of lost) await requeueTaskRuns(session, task_run_ids, context, claimed)
}

function isLost(until: Timestamp) {
  return (eb: ExpressionBuilder<Tables, 'task_run_claim'>) =>
    eb.or([
      eb('expires', '<', until),
      eb(
        'holder',
        'in',
        eb
          .selectFrom('task_worker')
          .select('task_worker.id')
          .where('heard', '<', until - SILENT),
      ),
    ])
}
