import type { Timestamp } from '@reeve/schemas/time'
import { insertRows, updateRows } from '../database/bulk.ts'
import { findRows } from '../database/find-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { Sighting } from './task-run-sighting.ts'

type TaskRunRow = Row<'task_run'>
type Patch = Partial<TaskRunRow>

const KNOWN = [
  'id',
  'flow_run_id',
  'task_key',
  'dynamic_key',
  'state_timestamp',
  'expected_start_time',
] as const
/** Columns in an index: what does not change is not written, which spares the index. */
const INDEXED = ['flow_run_id', 'task_key', 'dynamic_key', 'expected_start_time'] as const
const NATURAL_KEY = ['flow_run_id', 'task_key', 'dynamic_key'] as const

/** A run as it will be once the batch is written. */
export interface WorkingRun extends Pick<TaskRunRow, (typeof KNOWN)[number]> {
  /** What the batch changes; undefined when nothing. */
  patch: Patch | undefined
  isNew: boolean
}

/** Reads the runs that the sightings are about; nobody deletes them until the transaction ends. */
export async function loadWorkingRuns(
  session: Session,
  sightings: readonly Sighting[],
  now: Timestamp,
): Promise<WorkingRuns> {
  const runs = new WorkingRuns(now)
  const ids = new Set(sightings.map(({ task_run_id }) => task_run_id))
  const byId = [...ids].map((id) => ({ id }))
  for (const row of await findRows(session, 'task_run', ['id'], byId, KNOWN, { keep: true })) runs.add(row)
  const byKey = new Map<string, Pick<TaskRunRow, (typeof NATURAL_KEY)[number]>>()
  for (const { flow_run_id, columns } of sightings) {
    const { task_key, dynamic_key } = columns
    const key = naturalKey(flow_run_id, task_key, dynamic_key)
    if (key !== undefined && !runs.hasKey(key)) byKey.set(key, { flow_run_id, task_key, dynamic_key })
  }
  const others = await findRows(session, 'task_run', NATURAL_KEY, [...byKey.values()], KNOWN, {
    keep: true,
  })
  for (const row of others) runs.add(row)
  return runs
}

/** Without a flow run, equal keys are still different runs. */
function naturalKey(flowRunId: string | null, taskKey: string, dynamicKey: string): string | undefined {
  return flowRunId === null ? undefined : JSON.stringify([flowRunId, taskKey, dynamicKey])
}

export class WorkingRuns {
  readonly #now: Timestamp
  readonly #byId = new Map<string, WorkingRun>()
  readonly #byKey = new Map<string, WorkingRun>()

  constructor(now: Timestamp) {
    this.#now = now
  }

  add(row: Pick<TaskRunRow, (typeof KNOWN)[number]>): void {
    this.#index({ ...row, patch: undefined, isNew: false })
  }

  hasKey(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** Moves the run on if the sighting is later than its state. Returns the run that the state belongs to. */
  apply(sighting: Sighting): WorkingRun {
    const { task_run_id, flow_run_id, columns, state } = sighting
    const key = naturalKey(flow_run_id, columns.task_key, columns.dynamic_key)
    const run = (key !== undefined && this.#byKey.get(key)) || this.#byId.get(task_run_id)
    if (!run) return this.#create(sighting)
    if (run.state_timestamp === null || run.state_timestamp >= state.timestamp) return run
    const oldKey = naturalKey(run.flow_run_id, run.task_key, run.dynamic_key)
    const patch = this.#patchOf(sighting)
    if (!run.isNew) for (const name of INDEXED) if (patch[name] === run[name]) delete patch[name]
    run.patch = { ...run.patch, ...patch }
    run.flow_run_id = flow_run_id
    run.task_key = columns.task_key
    run.dynamic_key = columns.dynamic_key
    run.state_timestamp = state.timestamp
    if (columns.expected_start_time !== undefined) run.expected_start_time = columns.expected_start_time
    if (key !== oldKey) {
      if (oldKey !== undefined) this.#byKey.delete(oldKey)
      this.#index(run)
    }
    return run
  }

  /** False when another server inserted one of the runs meanwhile: read again, nothing else was written. */
  async insertNew(session: Session): Promise<boolean> {
    const rows = this.#runs()
      .filter(({ isNew }) => isNew)
      .map(({ patch }) => patch as TaskRunRow)
    const inserted = await insertRows(session, 'task_run', rows, 'ignore')
    return inserted.size === rows.length
  }

  async updateChanged(session: Session): Promise<void> {
    const groups = new Map<string, { columns: (keyof TaskRunRow)[]; rows: (Patch & { id: string })[] }>()
    for (const { id, patch, isNew } of this.#runs()) {
      if (isNew || !patch) continue
      for (const columns of statementColumns(patch)) {
        const name = columns.join(' ')
        const group = groups.get(name) ?? { columns, rows: [] }
        groups.set(name, group)
        group.rows.push({ ...patch, id })
      }
    }
    for (const { columns, rows } of groups.values())
      await updateRows(session, 'task_run', columns, rows as TaskRunRow[], 'state_timestamp')
  }

  /** In one order, so that two servers cannot wait for each other. */
  #runs(): WorkingRun[] {
    return [...this.#byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  #create(sighting: Sighting): WorkingRun {
    const { task_run_id, flow_run_id, columns, state } = sighting
    const row: TaskRunRow = { ...emptyRun(sighting, this.#now), ...this.#patchOf(sighting) }
    const run: WorkingRun = {
      id: task_run_id,
      flow_run_id,
      task_key: columns.task_key,
      dynamic_key: columns.dynamic_key,
      state_timestamp: state.timestamp,
      expected_start_time: row.expected_start_time,
      patch: row,
      isNew: true,
    }
    this.#index(run)
    return run
  }

  #patchOf({ flow_run_id, columns, state }: Sighting): Patch {
    return {
      ...columns,
      flow_run_id,
      state_id: state.id,
      state_type: state.type,
      state_name: state.name,
      state_timestamp: state.timestamp,
      updated: this.#now,
    }
  }

  #index(run: WorkingRun): void {
    this.#byId.set(run.id, run)
    const key = naturalKey(run.flow_run_id, run.task_key, run.dynamic_key)
    if (key !== undefined) this.#byKey.set(key, run)
  }
}

function emptyRun({ task_run_id, event, columns }: Sighting, now: Timestamp): TaskRunRow {
  return {
    id: task_run_id,
    created: now,
    updated: now,
    name: String(event.resource['prefect.resource.name'] ?? `${columns.task_key}-${columns.dynamic_key}`),
    flow_run_id: null,
    task_key: columns.task_key,
    dynamic_key: columns.dynamic_key,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: {},
    tags: [],
    labels: {},
    task_inputs: {},
    state_id: null,
    state_type: null,
    state_name: null,
    state_timestamp: null,
    run_count: 0,
    flow_run_run_count: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
  }
}

const MOST_COLUMN_SETS = 100
const columnSets = new Set<string>()

/**
 * The columns to write, as one statement or, when senders name ever other sets of columns, as one
 * statement a column: the number of statements that the database keeps prepared stays bounded. The time of
 * the state, by which a row is found to be older, comes last.
 */
function statementColumns(patch: Patch): (keyof TaskRunRow)[][] {
  const columns = Object.keys(patch).sort() as (keyof TaskRunRow)[]
  const name = columns.join(' ')
  if (columnSets.has(name) || columnSets.size < MOST_COLUMN_SETS) {
    columnSets.add(name)
    return [columns]
  }
  const others = columns.filter((column) => column !== 'state_timestamp')
  return [...others.map((column) => [column]), ['state_timestamp']] as (keyof TaskRunRow)[][]
}
