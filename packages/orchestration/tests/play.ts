import { STATE_TYPES } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import type { Client, Decision, FlowRun, State, TaskRun } from '../src/types.ts'
import type { Written } from './expected-run.ts'
import { CLIENT_2_20, CLIENT_3_4_10, CLIENT_3_8, NOW, SECOND, makeFlowRun, makeLimit } from './make.ts'
import { makeTaskRun } from './make.ts'
import { World } from './world.ts'
import type { Entity, Proposal } from './world.ts'

const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const STORED = { type: 'reference', storage_key: 'key' }
const MESSAGE = 'told'

/** States that clients and services propose, each with the details that rules care for. */
const PROPOSALS: ((now: number, draw: number) => Proposal)[] = [
  ...STATE_TYPES.map((type) => () => ({ type })),
  () => ({ type: 'RUNNING' }),
  () => ({ type: 'RUNNING' }),
  () => ({ type: 'PENDING' }),
  () => ({ type: 'PENDING', name: 'Submitting' }),
  () => ({ type: 'PENDING', name: 'InfrastructurePending', message: MESSAGE }),
  (now) => ({ type: 'SCHEDULED', state_details: { scheduled_time: formatTimestamp(now + HOUR) } }),
  (now) => ({
    type: 'SCHEDULED',
    name: 'AwaitingRetry',
    state_details: { scheduled_time: formatTimestamp(now + SECOND), deferred: true },
  }),
  () => ({ type: 'SCHEDULED', name: 'Late' }),
  () => ({ type: 'SCHEDULED', name: 'Resuming' }),
  (_, draw) => ({ type: 'RUNNING', state_details: { cache_key: `key-${draw % 3}` } }),
  (_, draw) => ({ type: 'RUNNING', state_details: { transition_id: `transition-${draw % 3}` } }),
  () => ({ type: 'RUNNING', state_details: { deferred: true } }),
  () => ({ type: 'COMPLETED', data: STORED }),
  () => ({ type: 'COMPLETED', data: { type: 'unpersisted' } }),
  (now, draw) => ({
    type: 'COMPLETED',
    state_details: { cache_key: `key-${draw % 3}`, cache_expiration: formatTimestamp(now + MINUTE) },
  }),
  () => ({ type: 'FAILED', data: STORED, message: MESSAGE }),
  () => ({ type: 'FAILED', state_details: { retriable: false } }),
  (now, draw) => ({
    type: 'PAUSED',
    state_details: { pause_key: `pause-${draw % 2}`, pause_timeout: formatTimestamp(now + MINUTE) },
  }),
  () => ({ type: 'PAUSED', name: 'Suspended', state_details: { pause_reschedule: true } }),
]

/** What usually comes next: without these, few plays would get as far as a second attempt. */
const NEXT: Record<StateType, Proposal[]> = {
  SCHEDULED: [{ type: 'PENDING' }, { type: 'RUNNING' }, { type: 'CANCELLING' }],
  PENDING: [{ type: 'RUNNING' }, { type: 'PENDING', name: 'Submitting' }],
  RUNNING: [{ type: 'FAILED' }, { type: 'COMPLETED' }, { type: 'PAUSED' }, { type: 'CANCELLING' }],
  PAUSED: [{ type: 'RUNNING' }, { type: 'SCHEDULED', name: 'Resuming' }],
  CANCELLING: [{ type: 'CANCELLED' }],
  COMPLETED: [{ type: 'SCHEDULED' }, { type: 'RUNNING' }],
  FAILED: [{ type: 'SCHEDULED' }, { type: 'RUNNING' }, { type: 'COMPLETED' }],
  CRASHED: [{ type: 'SCHEDULED' }, { type: 'PENDING' }],
  CANCELLED: [{ type: 'SCHEDULED' }, { type: 'PENDING' }],
}

const CLIENTS: Client[] = [
  CLIENT_3_8,
  CLIENT_3_8,
  CLIENT_3_8,
  CLIENT_3_4_10,
  CLIENT_2_20,
  { ...CLIENT_3_8, version: undefined, api_version: undefined },
  { ...CLIENT_3_8, version: [3, 0, 2, ''] },
  { ...CLIENT_2_20, api_version: [0, 8, 2] },
]

const PAUSES = [0, 1, SECOND, 20 * SECOND, MINUTE, 10 * MINUTE]

export interface Move {
  proposal: Proposal
  client: Client
  force: boolean
}

/** Moves are whole numbers below this one, so that a failing play shrinks well. */
export const MOVES = PROPOSALS.length * 8 * CLIENTS.length * 6 * PAUSES.length * 2

/** Splits a number into choices. */
function dice(code: number): (choices: number) => number {
  return (choices) => {
    const choice = code % choices
    code = Math.floor(code / choices)
    return choice
  }
}

type Actor<Run> = Entity<Run> & { written: Written[] }

/** What a move came to. */
export interface Outcome<Run> {
  move: Move
  before: Entity<Run>
  after: Actor<Run>
  decision: Decision<Run>
}

/** A few runs that compete for slots, and moves that are made on them. */
export class Play {
  readonly world = new World(NOW)
  readonly flowRuns: Actor<FlowRun>[] = []
  readonly taskRuns: Actor<TaskRun>[] = []

  constructor(strategy: 'ENQUEUE' | 'CANCEL_NEW') {
    const limit = makeLimit({ id: 'of-deployment', limit: 2 })
    this.world.limits.set('deployment', limit)
    this.world.limits.set('tag:a', makeLimit({ id: 'of-a', limit: 1 }))
    this.world.limits.set('tag:b', makeLimit({ id: 'of-b', name: 'tag:b', limit: 2 }))
    this.world.deployments.set('deployment', {
      id: 'deployment',
      limit,
      collision_strategy: strategy,
      grace_period_seconds: null,
    })
    const deployed = { deployment_id: 'deployment' }
    const retrying = { ...makeFlowRun().empirical_policy, retries: 2, retry_delay: 30 }
    this.addFlowRun({ id: 'f0', ...deployed })
    this.addFlowRun({ id: 'f1', ...deployed, empirical_policy: retrying })
    this.addFlowRun({ id: 'f2', ...deployed, infrastructure_pid: '1' })
    this.addFlowRun({ id: 'f3', empirical_policy: retrying, parent_task_run_id: 't3' })
    const policy = { retries: 2, retry_delay: [1, 30], retry_jitter_factor: 0.5 }
    this.addTaskRun({ id: 't0', flow_run_id: 'f0', tags: ['a'] })
    this.addTaskRun({ id: 't1', flow_run_id: 'f0', tags: ['a', 'b'], empirical_policy: policy })
    this.addTaskRun({ id: 't2', tags: ['b', 'c'], empirical_policy: policy })
    this.addTaskRun({ id: 't3', flow_run_id: 'f1' })
  }

  /** Makes the move that a number stands for. */
  move(code: number): Outcome<FlowRun> | Outcome<TaskRun> {
    const throwDice = dice(code)
    const target = throwDice(8)
    const flowRun = this.flowRuns[target]
    const taskRun = this.taskRuns[target - this.flowRuns.length]
    const { state = null } = flowRun ?? taskRun ?? {}
    const proposal = this.chooseProposal(state, throwDice(2) === 0, throwDice(PROPOSALS.length))
    const client = CLIENTS[throwDice(CLIENTS.length)]!
    const move = { proposal, client, force: throwDice(6) === 0 }
    const pause = PAUSES[throwDice(PAUSES.length)]!
    this.world.now += pause
    this.world.random = (code % 97) / 97
    if (pause > MINUTE) this.world.reap()
    return flowRun ? this.moveFlowRun(flowRun, move) : this.moveTaskRun(taskRun!, move)
  }

  private chooseProposal(current: State | null, isUsual: boolean, draw: number): Proposal {
    if (!isUsual) return PROPOSALS[draw]!(this.world.now, draw)
    const usual = current ? NEXT[current.type] : NEXT.CRASHED
    return usual[draw % usual.length]!
  }

  moveFlowRun(actor: Actor<FlowRun>, move: Move): Outcome<FlowRun> {
    const before = { ...actor }
    const decision = this.world.setFlowState(actor, this.world.proposal(move.proposal), move)
    if (decision.state) actor.written.push({ state: decision.state, client: move.client })
    this.follow(move.client)
    return { move, before, after: actor, decision }
  }

  moveTaskRun(actor: Actor<TaskRun>, move: Move): Outcome<TaskRun> {
    const before = { ...actor }
    const decision = this.world.setTaskState(actor, this.world.proposal(move.proposal), move)
    if (decision.state) actor.written.push({ state: decision.state, client: move.client })
    return { move, before, after: actor, decision }
  }

  /** Takes note of what the effects of a flow run's transition have written to task runs. */
  private follow(client: Client): void {
    for (const { history, written } of this.taskRuns) {
      for (const state of history.slice(written.length)) written.push({ state, client })
    }
  }

  private addFlowRun(fields: Partial<FlowRun>): void {
    const actor = { run: makeFlowRun(fields), state: null, history: [], written: [] }
    this.flowRuns.push(actor)
    this.world.flowRuns.set(actor.run.id, actor)
  }

  private addTaskRun(fields: Partial<TaskRun>): void {
    const actor = { run: makeTaskRun(fields), state: null, history: [], written: [] }
    this.taskRuns.push(actor)
    this.world.taskRuns.set(actor.run.id, actor)
  }
}
