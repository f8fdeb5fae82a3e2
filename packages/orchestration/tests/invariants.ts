import { isTerminal } from '@reeve/schemas/state-type'
import { knowsPausing } from '../src/client-version.ts'
import { hasPersistedResult, hasResult } from '../src/persisted-result.ts'
import type { FlowRun, State, TaskRun } from '../src/types.ts'
import type { Outcome, Play } from './play.ts'

type AnyOutcome = Outcome<FlowRun> | Outcome<TaskRun>

/** What must be true of every move; the name of a broken one is the message of the failure. */
export const INVARIANTS: [string, (outcome: AnyOutcome, play: Play) => boolean][] = [
  [
    'the answer and what is done agree',
    ({ move, before, decision: { status, details, state, effects } }) => {
      if (details.type !== `${status.toLowerCase()}_details`) return false
      // A repeated transition of a task run is accepted again, and nothing is written.
      const kept = state === null && isRepeated(before.state, move.proposal) ? before.state : state
      if (status === 'ACCEPT') return kept?.type === move.proposal.type
      if (status === 'REJECT' && state !== null) return true
      return (
        state === null && !effects.some(({ type }) => type === 'take-slots' || type === 'emit-state-event')
      )
    },
  ],
  [
    'a wait is a whole number of seconds, none in the past',
    ({ decision: { details } }) =>
      details.type !== 'wait_details' ||
      (Number.isInteger(details.delay_seconds) && details.delay_seconds >= 0),
  ],
  [
    'a run without a state never keeps it',
    ({ before, decision }) =>
      !(before.state === null && decision.status === 'REJECT' && decision.state === null),
  ],
  [
    'a run is moved only when a state is written, but for the mark that it resumes',
    ({ decision, before }) =>
      decision.state !== null ||
      (Object.keys(decision.patch).every((key) => key === 'empirical_policy') &&
        before.state?.type === 'PAUSED') ||
      Object.keys(decision.patch).length === 0,
  ],
  [
    'an ended run is only left by a rerun',
    ({ move, before, after, decision: { state } }) => {
      if (!state || !before.state || !isTerminal(before.state.type) || isTerminal(state.type)) return true
      return isMinimal(move, after.run) || mayRunAgain(before.state, state, move.client.generation, after.run)
    },
  ],
  [
    'a cancelling flow run becomes only CANCELLED, but by force',
    ({ move, before, after, decision: { state } }) =>
      isTaskRun(after.run) ||
      move.force ||
      !state ||
      before.state?.type !== 'CANCELLING' ||
      state.type === 'CANCELLED',
  ],
  [
    'attempts are counted, and only attempts',
    ({ move, before, after, decision: { state } }) => {
      const { run } = after
      const reopened =
        state !== null &&
        before.state !== null &&
        state.type === move.proposal.type &&
        isTerminal(before.state.type) &&
        !isTerminal(state.type) &&
        !isMinimal(move, run)
      const began = state?.type === 'RUNNING' ? 1 : 0
      if (isTaskRun(run)) return run.run_count === (reopened ? 0 : before.run.run_count) + began
      const { resuming } = (before.run as FlowRun).empirical_policy
      const isResumed = resuming && !reopened && knowsPausing(move.client)
      return run.run_count === before.run.run_count + (isResumed ? 0 : began)
    },
  ],
  [
    'no two states of a flow run share a time',
    ({ after, decision: { state } }) =>
      isTaskRun(after.run) ||
      !state ||
      after.history.every((other) => other === state || other.timestamp !== state.timestamp),
  ],
  [
    'slots taken are slots leased, and never too many',
    (_, { world }) => {
      for (const { id, active_slots, limit } of world.limits.values()) {
        let leased = 0
        for (const { limitIds } of world.leases.values()) leased += limitIds.includes(id) ? 1 : 0
        if (active_slots !== leased || active_slots > limit) return false
      }
      return true
    },
  ],
  [
    'only runs that need slots hold them',
    ({ after }, { world }) => {
      const { run, state } = after
      if (!isTaskRun(run) || state?.type === 'RUNNING' || state?.type === 'CANCELLING') return true
      return ![...world.leases.values()].some(({ holder }) => holder?.id === run.id)
    },
  ],
  [
    'a state names its run',
    ({ after: { run }, decision: { state } }) =>
      !state ||
      (isTaskRun(run) ? state.state_details.task_run_id : state.state_details.flow_run_id) === run.id,
  ],
]

function isTaskRun(run: FlowRun | TaskRun): run is TaskRun {
  return 'task_key' in run
}

function isMinimal({ force, client, proposal }: AnyOutcome['move'], run: FlowRun | TaskRun): boolean {
  if (!force || !isTaskRun(run)) return force
  if (client.generation === '2.20') return run.flow_run_id !== null
  return proposal.state_details?.deferred !== true
}

function mayRunAgain(from: State, to: State, generation: string, run: FlowRun | TaskRun): boolean {
  if (isTaskRun(run)) return !(from.type === 'COMPLETED' && hasResult(from.data))
  if (from.type === 'COMPLETED' && hasPersistedResult(from.data)) return false
  if (from.type === 'CANCELLED' && (generation === '2.20' || to.type === 'PENDING')) return false
  return to.type !== 'SCHEDULED' || run.deployment_id !== null
}

function isRepeated(current: State | null, asked: Partial<State>): boolean {
  const id = asked.state_details?.transition_id
  return id !== undefined && id !== null && current?.state_details.transition_id === id
}
