import type { Effect } from '@reeve/orchestration/effects'
import type { Decision, FlowRun, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows, updateChanged } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { collectArtifacts } from './artifact-collections.ts'
import { insertNewEvents } from './events.ts'
import type { EventRow } from './events.ts'
import { flowRunStateEvent } from './flow-run-events.ts'
import type { Surroundings } from './flow-run-events.ts'
import type { LoadedFlowRun } from './flow-run-facts.ts'
import { releaseLease, renewLease, requireSlots, takeSlots } from './leases.ts'
import { compactPolicy } from './policies.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { stateArtifact } from './state-data.ts'
import { storedState } from './states.ts'
import { retryFailedTaskRuns } from './task-run-retries.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'

const MOVED = [
  'state_id',
  'state_type',
  'state_name',
  'state_timestamp',
  'run_count',
  'expected_start_time',
  'next_scheduled_start_time',
  'start_time',
  'end_time',
  'total_run_time',
  'empirical_policy',
  'updated',
] as const satisfies readonly (keyof Row<'flow_run'>)[]

/** A flow run that is moved, with what its events tell of. */
export interface MovedFlowRun extends LoadedFlowRun {
  surroundings: Surroundings | undefined
}

/** What is to be written of one run. */
interface RunWrites {
  row: Row<'flow_run'>
  current: State | null
  /** The columns that differ from what is stored. */
  changed: Set<string>
  artifacts: Row<'artifact'>[]
  states: Row<'flow_run_state'>[]
  events: EventRow[]
  mirrored: TaskRunProposal[]
  effects: Effect[]
}

/** Gathers what decisions ask to be written, then writes it with one statement for each table. */
export class FlowRunWrites {
  readonly #context: ModelContext
  readonly #runs = new Map<string, RunWrites>()

  constructor(context: ModelContext) {
    this.#context = context
  }

  /** Takes what was decided of a run, and moves the run that was passed in as it says. */
  add(moved: MovedFlowRun, { state, patch, effects }: Decision<FlowRun>): void {
    const before = moved.current
    const writes = this.#of(moved)
    if (state) this.#addState(writes, state)
    const columns = movedColumns(state, patch)
    const names = Object.keys(columns)
    if (names.length > 0) {
      moved.row = { ...moved.row, ...columns, updated: this.#context.clock.now() }
      if (state) moved.current = state
      writes.row = moved.row
      writes.current = moved.current
      for (const name of names) writes.changed.add(name)
      writes.changed.add('updated')
    }
    for (const effect of effects) this.#addEffect(writes, moved, before, state, effect)
  }

  /** For a run that was inserted as it is now. */
  isStored(flowRunId: string): void {
    this.#runs.get(flowRunId)?.changed.clear()
  }

  /** Forgets a run: there is none. */
  drop(flowRunId: string): void {
    this.#runs.delete(flowRunId)
  }

  async apply(session: Session): Promise<void> {
    const context = this.#context
    const runs = [...this.#runs.values()]
    const artifacts = runs.flatMap((run) => run.artifacts)
    const events = runs.flatMap((run) => run.events)
    const changed = runs.flatMap((run) =>
      run.changed.size > 0 ? { row: run.row, changed: MOVED.filter((name) => run.changed.has(name)) } : [],
    )
    session.later(
      Promise.all([
        insertRows(session, 'artifact', artifacts),
        insertRows(
          session,
          'flow_run_state',
          runs.flatMap((run) => run.states),
        ),
        updateChanged(session, 'flow_run', MOVED, changed),
        insertNewEvents(session, events),
      ]),
    )
    if (session.assume) for (const run of runs) context.known?.isMaking(session, run)
    session.onCommit(() => {
      for (const { row, current } of runs) context.known?.sawRun({ row, current })
      for (const event of events) context.bus.publish('event', event)
    })
    await collectArtifacts(session, artifacts, context)
    for (const { row, effects } of runs) {
      for (const effect of effects) await this.#applyEffect(session, row, effect)
    }
    const mirrored = runs.flatMap((run) => run.mirrored)
    if (mirrored.length > 0) await transitionTaskRuns(session, mirrored, context)
  }

  #of({ row, current }: LoadedFlowRun): RunWrites {
    let writes = this.#runs.get(row.id)
    if (!writes) {
      const nothing = { artifacts: [], states: [], events: [], mirrored: [], effects: [] }
      writes = { row, current, changed: new Set(), ...nothing }
      this.#runs.set(row.id, writes)
    }
    return writes
  }

  #addState({ row, artifacts, states }: RunWrites, state: State): void {
    // The run outlives its parent's task run, whose id the state goes on to tell.
    const owner = { flow_run_id: row.id, task_run_id: null }
    const artifact = stateArtifact(state, owner, this.#context)
    if (artifact) artifacts.push(artifact)
    states.push({ ...storedState(state, owner, artifact?.id ?? null), flow_run_id: row.id })
  }

  #addEffect(
    writes: RunWrites,
    { row, surroundings }: MovedFlowRun,
    previous: State | null,
    written: State | null,
    effect: Effect,
  ): void {
    if (effect.type === 'emit-state-event') {
      if (!written) return
      const change = { run: row, previous, written }
      writes.events.push(flowRunStateEvent(change, surroundings, this.#context))
    } else if (effect.type === 'mirror-to-parent') {
      if (written) writes.mirrored.push(this.#mirror(effect, written))
    } else writes.effects.push(effect)
  }

  /** A subflow's state is shown by the task run that stands for it in the parent. */
  #mirror(effect: Effect & { type: 'mirror-to-parent' }, written: State): TaskRunProposal {
    const state = {
      ...written,
      id: this.#context.ids.ordered(),
      timestamp: this.#context.clock.now(),
      state_details: effect.state_details,
    }
    const client = { ...SERVER_CLIENT, generation: effect.generation }
    return { task_run_id: effect.task_run_id, state, force: true, client }
  }

  async #applyEffect(session: Session, run: Row<'flow_run'>, effect: Effect): Promise<void> {
    const context = this.#context
    switch (effect.type) {
      case 'take-slots':
        return requireSlots(await takeSlots(session, effect, context))
      case 'renew-lease':
        await renewLease(session, effect.lease_id, effect.ttl_seconds, context)
        return
      case 'release-lease':
        return releaseLease(session, effect.lease_id, context)
      case 'retry-failed-task-runs':
        return retryFailedTaskRuns(session, run.id, effect.scheduled_time, context)
      default:
        throw new Error(`A flow run has no use for the effect ${effect.type}`)
    }
  }
}

function movedColumns(state: State | null, patch: Decision<FlowRun>['patch']): Partial<Row<'flow_run'>> {
  const { empirical_policy, ...fields } = patch
  return {
    ...fields,
    ...(empirical_policy && { empirical_policy: compactPolicy(empirical_policy) as JsonObject }),
    ...(state && {
      state_id: state.id,
      state_type: state.type,
      state_name: state.name,
      state_timestamp: state.timestamp,
    }),
  }
}
