import type { StateType } from '@reeve/schemas/state-type'
import { defaultStateName, isTerminal } from '@reeve/schemas/state-type'
import { parseTimestamp } from '@reeve/schemas/time'
import type { Session } from '../../src/database/session.ts'
import type { Row } from '../../src/database/tables.ts'

type Run = Pick<
  Row<'task_run'>,
  | 'id'
  | 'state_id'
  | 'state_type'
  | 'state_name'
  | 'state_timestamp'
  | 'run_count'
  | 'start_time'
  | 'end_time'
  | 'total_run_time'
  | 'expected_start_time'
  | 'next_scheduled_start_time'
>
export type RunKind = 'task_run' | 'flow_run'
export type StateRow = Omit<Row<'task_run_state'>, 'task_run_id'>

export interface RunHistory {
  run: Run
  /** Oldest first. */
  states: readonly StateRow[]
}

const SECOND = 1_000_000

/** Every run with its states, by id. */
export async function readHistories(session: Session, kind: RunKind): Promise<Map<string, RunHistory>> {
  const { build } = session
  const runs = await session.all(build.selectFrom(kind).selectAll())
  const histories = new Map<string, { run: Run; states: StateRow[] }>(
    runs.map((run) => [run.id, { run, states: [] }]),
  )
  const states =
    kind === 'task_run'
      ? await session.all(build.selectFrom('task_run_state').selectAll().orderBy('timestamp'))
      : await session.all(build.selectFrom('flow_run_state').selectAll().orderBy('timestamp'))
  for (const state of states) {
    const owner = 'task_run_id' in state ? state.task_run_id : state.flow_run_id
    histories.get(owner)?.states.push(state)
  }
  return histories
}

/** What is wrong with a run whose row does not say what its history says; empty when all is well. */
export function newestStateFaults({ run, states }: RunHistory): string[] {
  const newest = states.at(-1)
  const expected = newest
    ? {
        state_id: newest.id,
        state_type: newest.type,
        state_name: newest.name ?? defaultStateName(newest.type as StateType),
        state_timestamp: newest.timestamp,
      }
    : { state_id: null, state_type: null, state_name: null, state_timestamp: null }
  return faultsOf(run, expected)
}

/** The times and counts of a run that only the server moved, computed again from its history. */
export function derivedFieldFaults({ run, states }: RunHistory): string[] {
  const newest = states.at(-1)
  const running = states.filter(({ type }) => type === 'RUNNING')
  const faults = faultsOf(run, {
    start_time: states.find(({ type }) => type === 'RUNNING' || ends(type))?.timestamp ?? null,
    end_time: newest && ends(newest.type) ? firstOfLastEnding(states).timestamp : null,
    next_scheduled_start_time: newest?.type === 'SCHEDULED' ? scheduledTime(newest) : null,
    expected_start_time: states[0] ? expectedStart(states[0]) : null,
  })
  const ran = totalRunTime(states)
  if (Math.abs(run.total_run_time - ran) > 1e-6)
    faults.push(`total_run_time ${run.total_run_time}, not ${ran}`)
  if (run.run_count > running.length) faults.push(`run_count ${run.run_count} of ${running.length} starts`)
  return faults
}

function faultsOf(run: Run, expected: Partial<Run>): string[] {
  return Object.entries(expected).flatMap(([column, value]) => {
    const found = run[column as keyof Run]
    return found === value ? [] : [`${column} ${found}, not ${value}`]
  })
}

const ends = (type: string) => isTerminal(type as StateType)

function firstOfLastEnding(states: readonly StateRow[]): StateRow {
  let first = states.length - 1
  while (first > 0 && ends((states[first - 1] as StateRow).type)) first--
  return states[first] as StateRow
}

function scheduledTime(state: StateRow): number | null {
  const text = state.state_details['scheduled_time']
  return typeof text === 'string' ? (parseTimestamp(text) ?? null) : null
}

const expectedStart = (first: StateRow) =>
  first.type === 'SCHEDULED' ? scheduledTime(first) : first.timestamp

function totalRunTime(states: readonly StateRow[]): number {
  let microseconds = 0
  for (const [index, state] of states.entries()) {
    const next = states[index + 1]
    if (state.type === 'RUNNING' && next) microseconds += next.timestamp - state.timestamp
  }
  return microseconds / SECOND
}

/** Limits whose taken slots are not those of their leases, or are more than there are. */
export async function slotFaults(session: Session): Promise<string[]> {
  const { build } = session
  const limits = await session.all(build.selectFrom('concurrency_limit').selectAll())
  const held = await session.all(
    build
      .selectFrom('concurrency_lease_limit as link')
      .innerJoin('concurrency_lease as lease', 'lease.id', 'link.lease_id')
      .select(({ fn }) => ['link.limit_id', fn.sum<number>('lease.slots').as('slots')])
      .groupBy('link.limit_id'),
  )
  const slots = new Map(held.map((row) => [row.limit_id, row.slots]))
  return limits.flatMap(({ id, name, limit, active_slots }) => {
    const leased = slots.get(id) ?? 0
    if (active_slots !== leased) return [`${name}: ${active_slots} slots taken, ${leased} leased`]
    return active_slots > limit ? [`${name}: ${active_slots} slots taken of ${limit}`] : []
  })
}

/** Task runs that hold slots of a limit on tags although they neither run nor are being cancelled. */
export async function idleHolderFaults(session: Session): Promise<string[]> {
  const leases = await session.all(
    session.build
      .selectFrom('concurrency_lease as lease')
      .leftJoin('task_run', 'task_run.id', 'lease.holder_id')
      .select(['lease.id as lease__id', 'task_run.state_type'])
      .where('lease.holder_type', '=', 'task_run'),
  )
  return leases.flatMap((lease) =>
    lease.state_type === 'RUNNING' || lease.state_type === 'CANCELLING'
      ? []
      : [`lease ${lease.lease__id} of a task run in ${lease.state_type}`],
  )
}
