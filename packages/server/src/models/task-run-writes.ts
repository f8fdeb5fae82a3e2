import type { Effect } from '@reeve/orchestration/effects'
import type { Decision, State, TaskRun } from '@reeve/orchestration/types'
import { parseTimestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { insertRows, updateChanged } from '../database/bulk.ts'
import type { ChangedRow } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { releaseTagSlots, requireSlots, takeSlots } from './leases.ts'
import { stateArtifact } from './state-data.ts'
import { collectArtifacts } from './artifact-collections.ts'
import { storedState } from './states.ts'
import { type Enqueued, enqueueTaskRuns } from './task-run-queue.ts'

const STATE_COLUMNS = { state_id: true, state_type: true, state_name: true, state_timestamp: true }

const MOVED = [
  'state_id',
  'state_type',
  'state_name',
  'state_timestamp',
  'run_count',
  'flow_run_run_count',
  'expected_start_time',
  'next_scheduled_start_time',
  'start_time',
  'end_time',
  'total_run_time',
  'updated',
] as const satisfies readonly (keyof Row<'task_run'>)[]

type MovedRow = Pick<Row<'task_run'>, (typeof MOVED)[number] | 'id'>

/** Gathers what decisions ask to be written, then writes it with one statement for each table. */
export class TaskRunWrites {
  readonly #context: ModelContext
  readonly #artifacts: Row<'artifact'>[] = []
  readonly #states: Row<'task_run_state'>[] = []
  /** By id; of one that moves twice, as it is at last. */
  readonly #runs = new Map<string, ChangedRow<MovedRow>>()
  readonly #caches: Row<'task_run_state_cache'>[] = []
  readonly #enqueued: Enqueued[] = []
  readonly #effects: { run: TaskRun; effect: Effect }[] = []

  constructor(context: ModelContext) {
    this.#context = context
  }

  /** `current` is the state that the run keeps if the decision writes none. */
  add(run: TaskRun, current: State | null, { state, patch, effects }: Decision<TaskRun>): void {
    if (state) this.addState(run, state)
    if (state || hasKeys(patch)) {
      const before = this.#runs.get(run.id)?.changed
      this.#runs.set(run.id, {
        row: {
          id: run.id,
          ...movedColumns({ ...run, ...patch }, state ?? current),
          updated: this.#context.clock.now(),
        },
        changed: MOVED.filter(
          (name) =>
            name in patch || (name in STATE_COLUMNS ? state : name === 'updated') || before?.includes(name),
        ),
      })
    }
    this.addEffects(run, state, effects)
  }

  addState(run: TaskRun, state: State): void {
    const owner = { flow_run_id: run.flow_run_id, task_run_id: run.id }
    const artifact = stateArtifact(state, owner, this.#context)
    if (artifact) this.#artifacts.push(artifact)
    this.#states.push({ ...storedState(state, owner, artifact?.id ?? null), task_run_id: run.id })
  }

  addEffects(run: TaskRun, state: State | null, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'insert-cache' && state) this.#caches.push(this.#cacheRow(effect, state))
      else if (effect.type === 'enqueue-task-run') this.#enqueued.push({ ...run, queue: effect.queue })
      else this.#effects.push({ run, effect })
    }
  }

  async apply(session: Session): Promise<void> {
    session.later(
      Promise.all([
        insertRows(session, 'artifact', this.#artifacts),
        insertRows(session, 'task_run_state', this.#states),
        updateChanged(session, 'task_run', MOVED, [...this.#runs.values()]),
        insertRows(session, 'task_run_state_cache', this.#caches),
      ]),
    )
    await collectArtifacts(session, this.#artifacts, this.#context)
    for (const { run, effect } of this.#effects) await this.#applyEffect(session, run, effect)
    await enqueueTaskRuns(session, this.#enqueued, this.#context)
  }

  async #applyEffect(session: Session, run: TaskRun, effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'take-slots':
        return requireSlots(await takeSlots(session, effect, this.#context))
      case 'release-tag-slots':
        // Only a run with tags can hold slots of tags.
        if (run.tags.length > 0) await releaseTagSlots(session, run.id, this.#context)
        return
      default:
        throw new Error(`A task run has no use for the effect ${effect.type}`)
    }
  }

  #cacheRow(effect: Effect & { type: 'insert-cache' }, state: State): Row<'task_run_state_cache'> {
    return {
      id: this.#context.ids.ordered(),
      created: this.#context.clock.now(),
      cache_key: effect.cache_key,
      cache_expiration:
        effect.cache_expiration === null ? null : (parseTimestamp(effect.cache_expiration) ?? null),
      task_run_state_id: state.id,
    }
  }
}

/** The columns that transitions move, of a run in this state. */
export function movedColumns(run: TaskRun, state: State | null): Omit<MovedRow, 'id' | 'updated'> {
  return {
    state_id: state?.id ?? null,
    state_type: state?.type ?? null,
    state_name: state?.name ?? null,
    state_timestamp: state?.timestamp ?? null,
    run_count: run.run_count,
    flow_run_run_count: run.flow_run_run_count,
    expected_start_time: run.expected_start_time,
    next_scheduled_start_time: run.next_scheduled_start_time,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
  }
}

function hasKeys(patch: object): boolean {
  for (const key in patch) if (key) return true
  return false
}
