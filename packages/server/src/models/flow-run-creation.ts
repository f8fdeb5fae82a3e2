import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { DatabaseError } from '../database/errors.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { readSurroundings } from './flow-run-events.ts'
import { governFlowRun } from './flow-run-transitions.ts'
import type { FlowRunProposal } from './flow-run-transitions.ts'
import { FlowRunWrites } from './flow-run-writes.ts'
import type { MovedFlowRun } from './flow-run-writes.ts'
import { readFlowRun } from './flow-runs.ts'
import { newFlowRun, readNamed, surroundingsOf } from './new-flow-run.ts'
import type { FlowRunCreation } from './new-flow-run.ts'
import type { FlowRunRecord } from './records.ts'
import type { Transitioned } from './transitioned.ts'

export interface FlowRunStart extends FlowRunCreation {
  /** Proposed to a run that is new, once it has its first state. */
  proposal?: Omit<FlowRunProposal, 'flow_run_id' | 'client'> | undefined
}

export interface CreatedFlowRun {
  /** As it was before a proposal. */
  flowRun: FlowRunRecord
  /** False when a run of the flow with this id or idempotency key was there already; it is returned as it is. */
  created: boolean
  /** What became of the proposal, if one was made. */
  transitioned: Transitioned | undefined
}

/**
 * Creates flow runs, writes their first states by force and governs what is proposed to them then, with one
 * statement for each table. A run of the same flow with the same id or idempotency key is answered as it is.
 * Unknown flow or parent, or the id of a run of another flow: an integrity error in that run's place.
 */
export async function createFlowRuns(
  session: Session,
  starts: readonly FlowRunStart[],
  context: ModelContext,
): Promise<(CreatedFlowRun | DatabaseError)[]> {
  const results: (CreatedFlowRun | DatabaseError)[] = []
  // Sent together. Whatever else a repeated request says may be out of date by now: it is not looked at.
  const [taken, named] = await Promise.all([readTaken(session, starts), readNamed(session, starts, context)])
  const together: [number, MovedFlowRun][] = []
  const alone: [number, Row<'flow_run'>][] = []
  const given = new Set<string>()
  for (const [index, start] of starts.entries()) {
    const { id } = start.flowRun
    if (taken.has(keyOf(start)) || (id && given.has(id))) continue
    if (id) given.add(id)
    const row = newFlowRun(start, named, context)
    if (row instanceof Error) {
      results[index] = row
      continue
    }
    const surroundings = surroundingsOf(row, named)
    if (surroundings) together.push([index, { row, current: null, surroundings }])
    else alone.push([index, row])
  }
  const writes = new FlowRunWrites(context)
  const made: CreatedFlowRun[] = []
  for (const [index, moved] of together)
    made.push(await moveNew(session, moved, starts[index] as FlowRunStart, writes, context))
  // As they are after all that was decided.
  const rows = [...together.map(([, { row }]) => row), ...alone.map(([, row]) => row)]
  const inserted = await insertRows(session, 'flow_run', rows, 'ignore')
  for (const [place, [index, { row }]] of together.entries()) {
    if (inserted.has(row.id)) {
      writes.isStored(row.id)
      results[index] = made[place] as CreatedFlowRun
    } else writes.drop(row.id)
  }
  await writes.apply(session)
  for (const [index, row] of alone) {
    if (inserted.has(row.id))
      results[index] = await moveAlone(session, row, starts[index] as FlowRunStart, context)
  }
  const repeated = [...starts.keys()].filter((index) => !results[index])
  // Others may have taken the key just now.
  const ids = inserted.size < rows.length ? await readTaken(session, starts) : taken
  for (const index of repeated) {
    const start = starts[index] as FlowRunStart
    const id = ids.get(keyOf(start)) ?? (start.flowRun.id as string)
    const flowRun = await readFlowRun(session, id)
    results[index] =
      flowRun?.flow_id === start.flowRun.flow_id
        ? { flowRun, created: false, transitioned: undefined }
        : new DatabaseError('integrity', `There is a flow run ${id} already, of another flow`)
  }
  return results
}

/** Of a run that is stored, and has a deployment or a queue: what is decided depends on more than itself. */
async function moveAlone(
  session: Session,
  row: Row<'flow_run'>,
  start: FlowRunStart,
  context: ModelContext,
): Promise<CreatedFlowRun> {
  const surroundings = (await readSurroundings(session, [row.id])).get(row.id)
  const writes = new FlowRunWrites(context)
  const made = await moveNew(session, { row, current: null, surroundings }, start, writes, context)
  await writes.apply(session)
  return made
}

async function moveNew(
  session: Session,
  moved: MovedFlowRun,
  { state, client, proposal }: FlowRunStart,
  writes: FlowRunWrites,
  context: ModelContext,
): Promise<CreatedFlowRun> {
  await governFlowRun(session, moved, { state, policy: 'force', client }, { writes, taken: [] }, context)
  const flowRun = recordOf(moved)
  const taken = moved.current ? [moved.current.timestamp] : []
  const transitioned =
    proposal && (await governFlowRun(session, moved, { ...proposal, client }, { writes, taken }, context))
  return { flowRun, created: true, transitioned }
}

function recordOf({ row, current, surroundings }: MovedFlowRun): FlowRunRecord {
  const pool = surroundings?.work_pool__id ?? null
  return {
    ...row,
    state: current,
    work_pool_id: pool,
    work_pool_name: pool === null ? null : (surroundings?.work_pool__name ?? null),
  }
}

const readKeys = prepared<Pick<Row<'flow_run'>, 'id' | 'flow_id' | 'idempotency_key'>>((session) =>
  session.build
    .selectFrom('flow_run')
    .select(['id', 'flow_id', 'idempotency_key'])
    .where(inList(session, 'flow_run.flow_id', []))
    .where(inList(session, 'flow_run.idempotency_key', [])),
)

/** Empty for a run without an idempotency key. */
function keyOf({ flowRun: { flow_id, idempotency_key } }: FlowRunStart): string {
  return idempotency_key ? `${flow_id} ${idempotency_key}` : ''
}

/** The runs, by key, which have the idempotency keys. */
async function readTaken(session: Session, starts: readonly FlowRunStart[]): Promise<Map<string, string>> {
  const keyed = starts.filter((start) => keyOf(start) !== '')
  // Who assumes finds out by the conflict.
  if (keyed.length === 0 || session.assume) return new Map()
  const list = (values: string[]) => listParameter(session, [...new Set(values)])
  const rows = await readKeys(session, [
    list(keyed.map(({ flowRun }) => flowRun.flow_id)),
    list(keyed.map(({ flowRun }) => flowRun.idempotency_key as string)),
  ])
  return new Map(rows.map(({ id, flow_id, idempotency_key }) => [`${flow_id} ${idempotency_key}`, id]))
}
