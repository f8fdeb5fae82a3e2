import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import { decideFlowTransition, decideTaskTransition } from '../src/decide.ts'
import type { Effect, LeaseHolder } from '../src/effects.ts'
import { selectFlowPolicy, selectTaskPolicy } from '../src/select-policy.ts'
import type {
  Client,
  Decision,
  DeploymentFacts,
  FlowFacts,
  FlowRun,
  Limit,
  RuleSettings,
  State,
  TaskFacts,
  TaskRun,
} from '../src/types.ts'
import { SECOND, makeFlowFacts, makeState } from './make.ts'

/** A proposal, as it comes from a client. */
export type Proposal = { type: StateType } & Partial<
  Pick<State, 'name' | 'message' | 'data' | 'state_details'>
>

export interface Entity<Run> {
  run: Run
  state: State | null
  history: State[]
}

interface Lease {
  limitIds: string[]
  holder: LeaseHolder | null
  expires: number
}

interface Asking {
  client: Client
  force?: boolean
}

/** A server in memory, without any rule of its own: it gathers facts and does what decisions say. */
export class World {
  now: number
  readonly settings: RuleSettings = { ...makeFlowFacts().settings }
  readonly deployments = new Map<string, DeploymentFacts>()
  readonly limits = new Map<string, Limit>()
  readonly leases = new Map<string, Lease>()
  readonly flowRuns = new Map<string, Entity<FlowRun>>()
  readonly taskRuns = new Map<string, Entity<TaskRun>>()
  readonly cache: { key: string; expires: string | null; state: State }[] = []
  readonly queue: string[] = []
  events = 0
  random = 0.5
  decisions = 0
  /** Hands the engine frozen copies, so that it throws when it changes what it is given. */
  isStrict = false
  private minted = 0

  constructor(now: number) {
    this.now = now
  }

  flowFacts(entity: Entity<FlowRun>, client: Client): FlowFacts {
    const { run, state: current } = entity
    const leaseId = current?.state_details.deployment_concurrency_lease_id
    return {
      ...this.commonFacts(client),
      run,
      current,
      deployment: run.deployment_id === null ? undefined : (this.deployments.get(run.deployment_id) ?? null),
      lease_is_live: leaseId ? this.leases.has(leaseId) : false,
      taken_timestamps: entity.history.map((state) => state.timestamp).filter((time) => time >= this.now),
    }
  }

  taskFacts(entity: Entity<TaskRun>, client: Client, proposal: State): TaskFacts {
    const { run, state: current } = entity
    const parent = run.flow_run_id === null ? undefined : this.flowRuns.get(run.flow_run_id)
    const text = formatTimestamp(this.now)
    const hit = this.cache.findLast(
      ({ key, expires }) =>
        key === proposal.state_details.cache_key &&
        (expires === null || Date.parse(expires) > Date.parse(text)),
    )
    return {
      ...this.commonFacts(client),
      run,
      current,
      parent: parent && { run_count: parent.run.run_count, state: parent.state },
      cached: hit?.state,
      tag_limits: run.tags.flatMap((tag) => this.limits.get(`tag:${tag}`) ?? []),
    }
  }

  proposal({ type, ...fields }: Proposal): State {
    const state = makeState(type, { ...fields, id: `state-${++this.minted}`, timestamp: this.now })
    state.state_details = { ...fields.state_details }
    if (type === 'SCHEDULED') state.state_details.scheduled_time ??= formatTimestamp(this.now)
    return state
  }

  setFlowState(
    entity: Entity<FlowRun>,
    proposal: State,
    { client, force = false }: Asking,
  ): Decision<FlowRun> {
    const facts = this.guard(this.flowFacts(entity, client))
    const decision = decideFlowTransition(selectFlowPolicy({ force }), facts, this.guard(proposal))
    this.apply(entity, decision, client)
    return decision
  }

  setTaskState(
    entity: Entity<TaskRun>,
    proposal: State,
    { client, force = false }: Asking,
  ): Decision<TaskRun> {
    const facts = this.guard(this.taskFacts(entity, client, proposal))
    const policy = selectTaskPolicy(facts, proposal, { force })
    const decision = decideTaskTransition(policy, facts, this.guard(proposal))
    this.apply(entity, decision, client)
    return decision
  }

  /** Takes back the slots of leases that ran out, as the server's service does. */
  reap(): void {
    for (const [id, { expires }] of this.leases) if (expires <= this.now) this.release(id)
  }

  private guard<T>(value: T): T {
    return this.isStrict ? deepFreeze(structuredClone(value)) : value
  }

  private commonFacts(client: Client) {
    const { now, settings, random } = this
    const lease_id = `lease-${++this.minted}`
    return { now, client, settings, random, lease_id, pause_key: `pause-${this.minted}` }
  }

  private apply<Run extends object>(entity: Entity<Run>, decision: Decision<Run>, client: Client): void {
    this.decisions += 1
    entity.run = { ...entity.run, ...decision.patch }
    if (decision.state) {
      entity.state = decision.state
      entity.history.push(decision.state)
    }
    for (const effect of decision.effects) this.perform(effect, entity, client)
  }

  private perform(effect: Effect, entity: Entity<unknown>, client: Client): void {
    switch (effect.type) {
      case 'take-slots':
        for (const id of effect.limit_ids) this.limitById(id).active_slots += 1
        this.leases.set(effect.lease_id, {
          limitIds: effect.limit_ids,
          holder: effect.holder,
          expires: this.now + effect.ttl_seconds * SECOND,
        })
        return
      case 'renew-lease': {
        const lease = this.leases.get(effect.lease_id)
        if (lease) lease.expires = this.now + effect.ttl_seconds * SECOND
        return
      }
      case 'release-lease':
        if (this.leases.has(effect.lease_id)) this.release(effect.lease_id)
        return
      case 'release-tag-slots':
        for (const [id, { holder }] of this.leases) if (holder?.id === effect.task_run_id) this.release(id)
        return
      case 'insert-cache':
        this.cache.push({ key: effect.cache_key, expires: effect.cache_expiration, state: entity.state! })
        return
      case 'mirror-to-parent': {
        const { type, name, message, data } = entity.state!
        const copy = this.proposal({ type, name, message, data, state_details: effect.state_details })
        this.setTaskState(this.taskRuns.get(effect.task_run_id)!, copy, { client, force: true })
        return
      }
      case 'emit-state-event':
        this.events += 1
        return
      case 'enqueue-task-run':
        this.queue.push(effect.queue)
        return
      case 'retry-failed-task-runs':
        for (const task of this.taskRuns.values()) this.retryFailed(task, effect.scheduled_time, client)
    }
  }

  private retryFailed(task: Entity<TaskRun>, scheduled_time: string, client: Client): void {
    if (task.state?.type !== 'FAILED') return
    const retry = this.proposal({
      type: 'SCHEDULED',
      name: 'AwaitingRetry',
      state_details: { scheduled_time },
    })
    this.setTaskState(task, retry, { client, force: true })
    task.run = { ...task.run, run_count: 0 }
  }

  private release(leaseId: string): void {
    for (const id of this.leases.get(leaseId)!.limitIds) this.limitById(id).active_slots -= 1
    this.leases.delete(leaseId)
  }

  private limitById(id: string): Limit {
    for (const limit of this.limits.values()) if (limit.id === id) return limit
    throw new Error(`no limit ${id}`)
  }
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
