import type { State } from '@reeve/orchestration/types'
import type { SeenRows, Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { LoadedFlowRun } from './flow-run-facts.ts'
import type { NamedFlow } from './new-flow-run.ts'
import type { Parent } from './new-task-run.ts'

export type KnownFlow = NamedFlow & Pick<Row<'flow'>, 'updated'>
export type KnownParent = Parent & Pick<Row<'flow_run'>, 'updated'>

/** Of each kind; the oldest are forgotten. */
const MOST = 5000

/**
 * What this server last saw of flows and of flow runs under way, for transactions that assume instead of reading.
 * It may be out of date at any time: whoever goes by it has the database compare.
 */
export class KnownRuns {
  readonly #flows = new Map<string, KnownFlow>()
  readonly #parents = new Map<string, KnownParent>()
  readonly #runs = new Map<string, LoadedFlowRun>()
  /** What a transaction that assumes has made, and that is not stored yet. */
  readonly #made = new WeakMap<Session, Map<string, KnownParent>>()

  sawFlows(flows: readonly KnownFlow[]): void {
    for (const flow of flows) remember(this.#flows, flow.id, flow)
  }

  sawParents(parents: readonly KnownParent[]): void {
    for (const parent of parents) {
      if (this.#runs.get(parent.id)?.row.updated !== parent.updated) this.#runs.delete(parent.id)
      remember(this.#parents, parent.id, parent)
    }
  }

  /** Task runs may be made in it in the same transaction. */
  isMaking(session: Session, { row }: LoadedFlowRun): void {
    const made = this.#made.get(session) ?? new Map<string, KnownParent>()
    this.#made.set(session, made.set(row.id, asParent(row)))
  }

  /** As a transaction left it. */
  sawRun({ row, current }: LoadedFlowRun): void {
    const { id } = row
    if (row.end_time !== null) {
      this.#parents.delete(id)
      this.#runs.delete(id)
      return
    }
    remember(this.#parents, id, asParent(row))
    if (isPlain(row, current)) remember(this.#runs, id, { row: withoutBulk(row), current })
    else this.#runs.delete(id)
  }

  /** All of the flows, if they are known; the transaction then goes by that. */
  assumeFlows(session: Session, ids: readonly string[]): readonly KnownFlow[] | undefined {
    return assumed(session, this.#flows, ids, { table: 'flow', columns: ['updated'] })
  }

  /** The same of flow runs that task runs are to be made in. */
  assumeParents(session: Session, ids: readonly string[]): readonly KnownParent[] | undefined {
    const made = this.#made.get(session)
    const others = made ? ids.filter((id) => !made.has(id)) : ids
    const stored = assumed(session, this.#parents, others, {
      table: 'flow_run',
      columns: ['state_id', 'updated'],
    })
    return stored && made ? [...stored, ...ids.flatMap((id) => made.get(id) ?? [])] : stored
  }

  /** The same of flow runs that are to be moved: they stay as they are until the transaction ends. */
  assumeRuns(session: Session, ids: readonly string[]): readonly LoadedFlowRun[] | undefined {
    const loaded = all(this.#runs, ids)
    const rows = loaded?.map(({ row }) => row)
    if (!rows) return undefined
    session.assume?.({ table: 'flow_run', columns: ['state_id', 'updated'], rows, lock: true })
    return loaded
  }
}

function assumed<Known extends { id: string }>(
  session: Session,
  known: ReadonlyMap<string, Known>,
  ids: readonly string[],
  seen: Omit<SeenRows, 'rows'>,
): readonly Known[] | undefined {
  const rows = all(known, ids)
  if (rows) session.assume?.({ ...seen, rows })
  return rows
}

function all<Known>(known: ReadonlyMap<string, Known>, ids: readonly string[]): Known[] | undefined {
  const found = ids.flatMap((id) => known.get(id) ?? [])
  return found.length === ids.length ? found : undefined
}

function remember<Known>(known: Map<string, Known>, id: string, value: Known): void {
  known.delete(id)
  known.set(id, value)
  const [oldest] = known.keys()
  if (known.size > MOST && oldest !== undefined) known.delete(oldest)
}

function asParent(row: Row<'flow_run'>): KnownParent {
  const { id, labels, run_count, state_id, state_type, updated } = row
  return { id, labels, run_count, state_id, state_type, updated }
}

/** Runs of which the rules, and the events of their states, look at nothing but themselves and their flow. */
function isPlain(row: Row<'flow_run'>, current: State | null): boolean {
  const { deployment_id, work_queue_id, parent_task_run_id } = row
  return !deployment_id && !work_queue_id && !parent_task_run_id && current !== null && current.data === null
}

/** Neither rules nor writes of states look at what may be large. */
function withoutBulk(row: Row<'flow_run'>): Row<'flow_run'> {
  return { ...row, parameters: {}, context: {}, job_variables: null }
}
