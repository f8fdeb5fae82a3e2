import { decideFlowTransition } from '@reeve/orchestration/decide'
import { markLateFlowPolicy } from '@reeve/orchestration/policies/mark-late-flow'
import { selectFlowPolicy } from '@reeve/orchestration/select-policy'
import type { Client, State } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { readDeploymentFacts, ruledFlowRun } from './flow-run-facts.ts'
import { FlowRunWrites } from './flow-run-writes.ts'
import type { MovedFlowRun } from './flow-run-writes.ts'
import { leaseIsLive } from './leases.ts'
import { loadMoving } from './moving-flow-runs.ts'
import { inRounds } from './rounds.ts'
import { ruleContext } from './rule-context.ts'
import { hasMoved } from './seen-state.ts'
import { transitionedBy } from './transitioned.ts'
import type { Transitioned } from './transitioned.ts'

/** A state proposed for a flow run; its id and timestamp are fresh. */
export interface FlowRunProposal {
  flow_run_id: string
  state: State
  /** `mark-late` is for the service of that name. */
  policy: 'core' | 'force' | 'mark-late'
  client: Client
  /** The id of the state that made somebody propose this: it is not put to a run that has another by now. */
  seen?: string | null
}

/** Governs one proposal. Undefined when there is no such run. */
export async function transitionFlowRun(
  session: Session,
  proposal: FlowRunProposal,
  context: ModelContext,
): Promise<Transitioned | undefined> {
  const [result] = await transitionFlowRuns(session, [proposal], context)
  return result
}

/**
 * Governs many proposals in one pass: one load, one decision each, one write for each table. Proposals for
 * the same run are decided in the order given, each on what the one before it left.
 * The result is undefined where there is no such run, or it has moved since the proposer saw it.
 */
export async function transitionFlowRuns(
  session: Session,
  proposals: readonly FlowRunProposal[],
  context: ModelContext,
): Promise<(Transitioned | undefined)[]> {
  const results: (Transitioned | undefined)[] = proposals.map(() => undefined)
  for (const round of inRounds(proposals.map(({ flow_run_id }) => flow_run_id)))
    await transitionRound(session, proposals, round, results, context)
  return results
}

async function transitionRound(
  session: Session,
  proposals: readonly FlowRunProposal[],
  round: readonly number[],
  results: (Transitioned | undefined)[],
  context: ModelContext,
): Promise<void> {
  const proposed = round.map((index) => proposals[index] as FlowRunProposal)
  const ids = proposed.map((proposal) => proposal.flow_run_id)
  const earliest = Math.min(...proposed.map(({ state }) => state.timestamp))
  const { runs, takenTimestamps, surroundings } = await loadMoving(session, ids, earliest, context)
  const together = new FlowRunWrites(context)
  const alone: number[] = []
  const move = async (index: number, writes: FlowRunWrites) => {
    const proposal = proposals[index] as FlowRunProposal
    const { flow_run_id: id, state, seen } = proposal
    const loaded = runs.get(id)
    if (!loaded || hasMoved(loaded, seen)) return
    const moved = { ...loaded, surroundings: surroundings.get(id) }
    const taken = (takenTimestamps.get(id) ?? []).filter((timestamp) => timestamp >= state.timestamp)
    results[index] = await governFlowRun(session, moved, proposal, { writes, taken }, context)
  }
  for (const index of round) {
    // Runs of deployments compete for slots: each is decided on what the one before it left of them.
    if (runs.get((proposals[index] as FlowRunProposal).flow_run_id)?.row.deployment_id) alone.push(index)
    else await move(index, together)
  }
  await together.apply(session)
  for (const index of alone) {
    const writes = new FlowRunWrites(context)
    await move(index, writes)
    await writes.apply(session)
  }
}

/** Decides one proposal, and moves the run that is passed in; `taken` as in the facts of the rules. */
export async function governFlowRun(
  session: Session,
  moved: MovedFlowRun,
  proposal: Omit<FlowRunProposal, 'flow_run_id'>,
  { writes, taken }: { writes: FlowRunWrites; taken: readonly number[] },
  context: ModelContext,
): Promise<Transitioned> {
  const { row, current } = moved
  const leaseId = current?.state_details.deployment_concurrency_lease_id
  const policy =
    proposal.policy === 'mark-late'
      ? markLateFlowPolicy
      : selectFlowPolicy({ force: proposal.policy === 'force' })
  const decision = decideFlowTransition(
    policy,
    {
      ...ruleContext(context, proposal.client),
      current,
      run: ruledFlowRun(row),
      deployment: await readDeploymentFacts(session, row.deployment_id, context),
      lease_is_live: leaseId ? await leaseIsLive(session, leaseId) : false,
      taken_timestamps: taken,
    },
    proposal.state,
  )
  writes.add(moved, decision)
  return transitionedBy(decision, current)
}
