import { decideTaskTransition } from '@reeve/orchestration/decide'
import type { Effect } from '@reeve/orchestration/effects'
import { selectTaskPolicy } from '@reeve/orchestration/select-policy'
import type { Client, Decision, State, TaskFacts, TaskRun } from '@reeve/orchestration/types'
import type { TaskRunCreate } from '@reeve/schemas/task-run'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import type { Row } from '../database/tables.ts'
import { compactPolicy } from './policies.ts'
import { ruleContext } from './rule-context.ts'
import { randomRunName } from '@reeve/schemas/run-name'
import { stateOfType, taskRunPolicy } from './task-run-facts.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'
import { movedColumns } from './task-run-writes.ts'
import { transitionedBy } from './transitioned.ts'
import type { Transitioned } from './transitioned.ts'

export interface TaskRunCreation {
  taskRun: Omit<TaskRunCreate, 'state'>
  /** The first state, with a fresh id and timestamp. */
  state: State
  /** Made to a run that is new, once it has its first state; each only when the one before it was accepted. */
  proposals?: readonly Omit<TaskRunProposal, 'task_run_id' | 'client' | 'follows'>[]
  client: Client
}

export type Parent = Pick<Row<'flow_run'>, 'id' | 'labels' | 'run_count' | 'state_id' | 'state_type'>

/** A task run that is about to be stored. */
export interface NewTaskRun {
  /** As it is stored: after all that was decided. */
  stored: Row<'task_run'>
  /** As it is after its first state alone. */
  first: Row<'task_run'>
  firstState: State | null
  run: TaskRun
  decided: { state: State | null; effects: readonly Effect[] }[]
  /** What became of the proposals that were put; undefined when one can only be decided on what the database says. */
  transitioned: Transitioned[] | undefined
}

/**
 * Decides the first state, which is written by force, and then the proposals, unless their facts must be read and
 * locked: limits on tags, a cached result, the end of the parent's pause.
 */
export function newTaskRun(
  creation: TaskRunCreation,
  parent: Parent | undefined,
  context: ModelContext,
): NewTaskRun {
  const { state, client, proposals = [] } = creation
  const blank = blankRun(creation, context)
  const facts: Facts = { parent, current: null, client, context }
  const born = decide(blank, { state, force: true }, facts)
  let run = patched(blank, born)
  let current = born.state
  const first = newRow(creation, parent, run, current, context)
  const decided = [born]
  const made = { first, firstState: current, decided }
  if (!proposals.every((proposal) => decidesAlone(creation, proposal.state, parent)))
    return { ...made, stored: first, run, transitioned: undefined }
  const transitioned: Transitioned[] = []
  for (const proposal of proposals) {
    const decision = decide(run, proposal, { ...facts, current })
    decided.push(decision)
    transitioned.push(transitionedBy(decision, current))
    run = patched(run, decision)
    current = decision.state ?? current
    if (decision.status !== 'ACCEPT') break
  }
  return { ...made, stored: { ...first, ...movedColumns(run, current) }, run, transitioned }
}

function patched(run: TaskRun, { patch }: Decision<TaskRun>): TaskRun {
  return { ...run, ...patch }
}

function decidesAlone(
  { taskRun }: TaskRunCreation,
  { type, state_details }: State,
  parent: Parent | undefined,
): boolean {
  if (type !== 'RUNNING') return true
  return taskRun.tags.length === 0 && !state_details.cache_key && parent?.state_type !== 'PAUSED'
}

interface Facts {
  parent: Parent | undefined
  current: State | null
  client: Client
  context: ModelContext
}

function decide(
  run: TaskRun,
  { state, force }: { state: State; force: boolean },
  { parent, current, client, context }: Facts,
) {
  const facts: TaskFacts = {
    ...ruleContext(context, client),
    current,
    run,
    parent: parent && { run_count: parent.run_count, state: current && stateOfType(parent) },
    cached: undefined,
    tag_limits: [],
  }
  return decideTaskTransition(selectTaskPolicy(facts, state, { force }), facts, state)
}

function blankRun({ taskRun }: TaskRunCreation, { ids }: ModelContext): TaskRun {
  return {
    id: taskRun.id ?? ids.ordered(),
    flow_run_id: taskRun.flow_run_id,
    task_key: taskRun.task_key,
    tags: taskRun.tags,
    empirical_policy: taskRunPolicy(
      taskRun.empirical_policy as JsonObject & TaskRunCreate['empirical_policy'],
    ),
    run_count: 0,
    flow_run_run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
  }
}

function newRow(
  { taskRun }: TaskRunCreation,
  parent: Parent | undefined,
  run: TaskRun,
  state: State | null,
  { clock, random }: ModelContext,
): Row<'task_run'> {
  const now = clock.now()
  return {
    id: run.id,
    created: now,
    updated: now,
    name: taskRun.name || randomRunName(random),
    flow_run_id: run.flow_run_id,
    task_key: taskRun.task_key,
    dynamic_key: taskRun.dynamic_key,
    cache_key: taskRun.cache_key,
    cache_expiration: taskRun.cache_expiration,
    task_version: taskRun.task_version,
    empirical_policy: compactPolicy(taskRun.empirical_policy),
    tags: taskRun.tags,
    labels: parent
      ? { ...parent.labels, 'prefect.flow-run.id': parent.id, ...taskRun.labels }
      : (taskRun.labels ?? {}),
    task_inputs: taskRun.task_inputs as unknown as JsonObject,
    ...movedColumns(run, state),
  }
}
