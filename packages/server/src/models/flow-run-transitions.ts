import { decideFlowTransition } from '@reeve/orchestration/decide'
import type { Effect } from '@reeve/orchestration/effects'
import { markLateFlowPolicy } from '@reeve/orchestration/policies/mark-late-flow'
import { selectFlowPolicy } from '@reeve/orchestration/select-policy'
import type { Client, Decision, FlowRun, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows, updateRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { insertNewEvent } from './events.ts'
import { flowRunStateEvent, readSurroundings } from './flow-run-events.ts'
import type { Surroundings } from './flow-run-events.ts'
import { loadFlowRun, readDeploymentFacts, readTimestampsFrom } from './flow-run-facts.ts'
import type { LoadedFlowRun } from './flow-run-facts.ts'
import { leaseIsLive, releaseLease, renewLease, requireSlots, takeSlots } from './leases.ts'
import { compactPolicy } from './policies.ts'
import { ruleContext, SERVER_CLIENT } from './rule-context.ts'
import { stateArtifact } from './state-data.ts'
import { collectArtifacts } from './artifact-collections.ts'
import { storedState } from './states.ts'
import { retryFailedTaskRuns } from './task-run-retries.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { Transitioned } from './task-run-transitions.ts'

/** A state proposed for a flow run; its id and timestamp are fresh. */
export interface FlowRunProposal {
  flow_run_id: string
  state: State
  /** `mark-late` is for the service of that name. */
  policy: 'core' | 'force' | 'mark-late'
  client: Client
}

interface MovedFlowRun extends LoadedFlowRun {
  surroundings: Surroundings | undefined
}

/** Governs one proposal. Undefined when there is no such run. */
export async function transitionFlowRun(
  session: Session,
  proposal: FlowRunProposal,
  context: ModelContext,
): Promise<Transitioned | undefined> {
  const { flow_run_id: id, state } = proposal
  // Sent together; the first one locks the run before the others read.
  const [loaded, takenTimestamps, surroundings] = await Promise.all([
    loadFlowRun(session, id),
    readTimestampsFrom(session, id, state.timestamp),
    readSurroundings(session, id),
  ])
  if (!loaded) return undefined
  const { run, current } = loaded
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
      run,
      deployment: await readDeploymentFacts(session, run.deployment_id, context),
      lease_is_live: leaseId ? await leaseIsLive(session, leaseId) : false,
      taken_timestamps: takenTimestamps,
    },
    state,
  )
  await write(session, { ...loaded, surroundings }, decision, context)
  return {
    state: decision.state ?? current,
    written: decision.state !== null,
    status: decision.status,
    details: decision.details,
  }
}

async function write(
  session: Session,
  loaded: MovedFlowRun,
  decision: Decision<FlowRun>,
  context: ModelContext,
): Promise<void> {
  const { run } = loaded
  const { state } = decision
  if (state) {
    // The run outlives its parent's task run, whose id the state goes on to tell.
    const owner = { flow_run_id: run.id, task_run_id: null }
    const artifact = stateArtifact(state, owner, context)
    if (artifact) {
      await insertRows(session, 'artifact', [artifact])
      await collectArtifacts(session, [artifact], context)
    }
    const row = { ...storedState(state, owner, artifact?.id ?? null), flow_run_id: run.id }
    session.later(insertRows(session, 'flow_run_state', [row]))
  }
  const moved = movedColumns(decision)
  const columns = Object.keys(moved) as (keyof typeof moved)[]
  if (columns.length > 0) {
    const row = { ...moved, id: run.id, updated: context.clock.now() } as Row<'flow_run'>
    session.later(updateRows(session, 'flow_run', [...columns, 'updated'], [row]))
  }
  for (const effect of decision.effects) await applyEffect(session, loaded, decision, effect, context)
}

function movedColumns({ state, patch }: Decision<FlowRun>): Partial<Row<'flow_run'>> {
  const { empirical_policy, ...fields } = patch
  return {
    ...fields,
    ...(empirical_policy && { empirical_policy: compactPolicy(empirical_policy) }),
    ...(state && {
      state_id: state.id,
      state_type: state.type,
      state_name: state.name,
      state_timestamp: state.timestamp,
    }),
  }
}

async function applyEffect(
  session: Session,
  { row, run, current, surroundings }: MovedFlowRun,
  { state, patch }: Decision<FlowRun>,
  effect: Effect,
  context: ModelContext,
): Promise<void> {
  switch (effect.type) {
    case 'take-slots':
      return requireSlots(await takeSlots(session, effect, context))
    case 'renew-lease':
      await renewLease(session, effect.lease_id, effect.ttl_seconds, context)
      return
    case 'release-lease':
      return releaseLease(session, effect.lease_id, context)
    case 'mirror-to-parent':
      if (state) await mirror(session, effect, state, context)
      return
    case 'retry-failed-task-runs':
      return retryFailedTaskRuns(session, run.id, effect.scheduled_time, context)
    case 'emit-state-event': {
      if (!state) return
      const after = { ...row, ...patch, empirical_policy: row.empirical_policy as JsonObject }
      const change = { run: after, previous: current, written: state }
      const event = flowRunStateEvent(change, surroundings, context)
      session.later(insertNewEvent(session, event))
      session.onCommit(() => context.bus.publish('event', event))
      return
    }
    default:
      throw new Error(`A flow run has no use for the effect ${effect.type}`)
  }
}

/** A subflow's state is shown by the task run that stands for it in the parent. */
async function mirror(
  session: Session,
  effect: Effect & { type: 'mirror-to-parent' },
  state: State,
  context: ModelContext,
): Promise<void> {
  const copy = {
    ...state,
    id: context.ids.ordered(),
    timestamp: context.clock.now(),
    state_details: effect.state_details,
  }
  const client = { ...SERVER_CLIENT, generation: effect.generation }
  await transitionTaskRuns(
    session,
    [{ task_run_id: effect.task_run_id, state: copy, force: true, client }],
    context,
  )
}
