import { decideTaskTransition } from '@reeve/orchestration/decide'
import { selectTaskPolicy } from '@reeve/orchestration/select-policy'
import type {
  Client,
  Decision,
  Limit,
  ParentFacts,
  State,
  TaskFacts,
  TaskRun,
} from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { ruleContext } from './rule-context.ts'
import { readTagLimits } from './rule-limits.ts'
import { hasMoved } from './seen-state.ts'
import { loadTaskRuns, readCachedState, stateOfType } from './task-run-facts.ts'
import type { LoadedTaskRun } from './task-run-facts.ts'
import { readFlowRunState } from './flow-run-states.ts'
import { TaskRunWrites } from './task-run-writes.ts'
import { tellFinished } from './tell-finished.ts'
import { transitionedBy } from './transitioned.ts'
import type { Transitioned } from './transitioned.ts'

/** A state proposed for a task run; its id and timestamp are fresh. */
export interface TaskRunProposal {
  task_run_id: string
  state: State
  force: boolean
  client: Client
  /** The place in the list of an earlier proposal for the same run: without its acceptance this one is not put. */
  follows?: number
  /** The id of the state that made somebody propose this: it is not put to a run that has another by now. */
  seen?: string | null
}

/**
 * Governs many proposals in one pass: one load, one decision each, one write for each table. Proposals for
 * the same run are decided in the order given, each on what the one before it left.
 * The result is undefined where there is no such run, or the proposal was not put.
 */
export async function transitionTaskRuns(
  session: Session,
  proposals: readonly TaskRunProposal[],
  context: ModelContext,
): Promise<(Transitioned | undefined)[]> {
  const results: (Transitioned | undefined)[] = Array.from(proposals, () => undefined)
  let waiting = [...proposals.keys()]
  while (waiting.length > 0) waiting = await transitionRound(session, proposals, waiting, results, context)
  const moves = () => proposals.map(({ task_run_id }, index) => [task_run_id, results[index]] as const)
  tellFinished(session, moves, context)
  return results
}

/** Returns the proposals that are left for another round. */
async function transitionRound(
  session: Session,
  proposals: readonly TaskRunProposal[],
  indexes: readonly number[],
  results: (Transitioned | undefined)[],
  context: ModelContext,
): Promise<number[]> {
  const ids = new Set(indexes.map((index) => (proposals[index] as TaskRunProposal).task_run_id))
  const runs = await loadTaskRuns(session, [...ids])
  const limits = await loadTagLimits(session, proposals, indexes, runs, context)
  const writes = new TaskRunWrites(context)
  const unsettled = new Set<string>()
  const later: number[] = []
  for (const index of indexes) {
    const proposal = proposals[index] as TaskRunProposal
    const { task_run_id: id, follows, seen } = proposal
    if (unsettled.has(id)) {
      later.push(index)
      continue
    }
    const loaded = runs.get(id)
    if (!loaded || hasMoved(loaded, seen)) continue
    if (follows !== undefined && results[follows]?.status !== 'ACCEPT') continue
    const facts = await taskFacts(session, proposal, loaded, limits, context)
    const policy = selectTaskPolicy(facts, proposal.state, proposal)
    const decision = decideTaskTransition(policy, facts, proposal.state)
    countTakenSlots(decision, limits)
    writes.add(loaded.run, facts.current, decision)
    results[index] = transitionedBy(decision, facts.current)
    if (decision.effects.length > 0) unsettled.add(id)
    else runs.set(id, afterDecision(loaded, decision))
  }
  await writes.apply(session)
  return later
}

/** The run as a decision without other effects leaves it. */
function afterDecision(loaded: LoadedTaskRun, { state, patch }: Decision<TaskRun>): LoadedTaskRun {
  return { ...loaded, run: { ...loaded.run, ...patch }, current: state ?? loaded.current }
}

export async function taskFacts(
  session: Session,
  proposal: TaskRunProposal,
  { run, current, parent }: LoadedTaskRun,
  limits: ReadonlyMap<string, Limit>,
  context: ModelContext,
): Promise<TaskFacts> {
  const common = ruleContext(context, proposal.client)
  const details = proposal.state.state_details
  const seeksCache = proposal.state.type === 'RUNNING' && details.cache_key && !details.refresh_cache
  return {
    ...common,
    current,
    run,
    parent: parent && (await parentFacts(session, parent, proposal)),
    cached: seeksCache ? await readCachedState(session, details.cache_key as string, common.now) : undefined,
    tag_limits: run.tags.flatMap((tag) => limits.get(`tag:${tag}`) ?? []),
  }
}

/** Of the parent's state the rules look at the type alone, but for the deadline of a pause. */
async function parentFacts(
  session: Session,
  parent: NonNullable<LoadedTaskRun['parent']>,
  proposal: TaskRunProposal,
): Promise<ParentFacts> {
  const { run_count, state_id: id, state_type: type } = parent
  if (id !== null && type === 'PAUSED' && proposal.state.type === 'RUNNING') {
    return { run_count, state: (await readFlowRunState(session, id)) ?? null }
  }
  return { run_count, state: stateOfType(parent) }
}

async function loadTagLimits(
  session: Session,
  proposals: readonly TaskRunProposal[],
  indexes: readonly number[],
  runs: ReadonlyMap<string, LoadedTaskRun>,
  context: ModelContext,
): Promise<Map<string, Limit>> {
  const tags = new Set<string>()
  for (const index of indexes) {
    const { task_run_id, state } = proposals[index] as TaskRunProposal
    if (state.type === 'RUNNING') for (const tag of runs.get(task_run_id)?.run.tags ?? []) tags.add(tag)
  }
  if (tags.size === 0) return new Map()
  const limits = await readTagLimits(session, [...tags], { lock: true }, context)
  return new Map(limits.map((limit) => [limit.name, limit]))
}

/** The next proposal of the round sees the slots that this one took. */
function countTakenSlots(decision: Decision<TaskRun>, limits: Map<string, Limit>): void {
  for (const effect of decision.effects) {
    if (effect.type !== 'take-slots') continue
    for (const [name, limit] of limits) {
      if (effect.limit_ids.includes(limit.id))
        limits.set(name, { ...limit, active_slots: limit.active_slots + 1 })
    }
  }
}
