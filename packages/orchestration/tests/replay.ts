import type { Json } from '@reeve/schemas/json'
import { formatTimestamp, parseTimestamp } from '@reeve/schemas/time'
import type { Decision, State } from '../src/types.ts'
import { CLIENT_2_20, CLIENT_3_8, NOW, SECOND, makeFlowRun, makeLimit, makeTaskRun } from './make.ts'
import type { Recording, Situation, Step, Template } from './recording.ts'
import { World } from './world.ts'
import type { Entity, Proposal } from './world.ts'
import type { FlowRun, TaskRun } from '../src/types.ts'

const PENDING: Template = { type: 'PENDING' }

type Subject = Entity<FlowRun> | Entity<TaskRun>

/** A recorded situation, rebuilt in a world without a server, where proposals can be made. */
export class Replay {
  readonly subject: Subject
  private readonly world = new World(NOW)
  private readonly situation: Situation
  private readonly client
  private ids = 0
  private readonly parentTask: Entity<TaskRun> | undefined

  constructor(situation: Situation, version: Recording['version']) {
    this.situation = situation
    this.client = version === '2.20.25' ? CLIENT_2_20 : CLIENT_3_8
    const { deployment, parent, tag_limit, path, others = [], infrastructure_pid } = situation
    const { first_state = PENDING } = situation
    if (version === '2.20.25') this.world.settings.tag_concurrency_slot_wait_seconds = 30
    if (deployment) {
      const limit = deployment.concurrency ? makeLimit({ limit: deployment.concurrency.limit }) : null
      if (limit) this.world.limits.set('deployment', limit)
      this.world.deployments.set('deployment', {
        id: 'deployment',
        limit,
        collision_strategy: deployment.concurrency?.strategy ?? 'ENQUEUE',
        grace_period_seconds: null,
      })
    }
    if (tag_limit !== undefined) this.world.limits.set('tag:unique', makeLimit({ limit: tag_limit }))
    if (parent) this.walk(this.createFlowRun('parent', {}, PENDING), parent)
    if (parent && situation.subject === 'flow_run') {
      this.parentTask = this.createTaskRun('parent task', { flow_run_id: 'parent' }, PENDING)
    }
    for (const other of others) this.walk(this.create(`other ${++this.ids}`, first_state), other)
    this.subject = this.create('this run', situation.created ? null : first_state)
    if (infrastructure_pid) Object.assign(this.subject.run, { infrastructure_pid })
    this.walk(this.subject, path)
  }

  propose(template: Template, force: boolean): Observed {
    const before = this.observeRun()
    const { start_time, end_time } = this.subject.run
    const decision = this.set(this.subject, template, force || this.situation.created === true)
    const after = this.observeRun()
    const changed: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(after)) {
      if (this.situation.created || JSON.stringify(value) !== JSON.stringify(before[key]))
        changed[key] = value
    }
    const { run } = this.subject
    if (start_time && run.start_time && start_time !== run.start_time) changed.start_time = 'moved'
    if (end_time && run.end_time && end_time !== run.end_time) changed.end_time = 'moved'
    const { details } = decision
    const observed: Observed = { state: this.observeState(decision.state), changed }
    if (this.situation.created) return observed
    observed.status = decision.status
    observed.details = details.type
    if (details.type === 'wait_details') observed.delay_seconds = delayWord(details.delay_seconds)
    return observed
  }

  observeRun(): Record<string, unknown> {
    const { run, state } = this.subject
    const seen: Record<string, unknown> = {
      state_type: state?.type,
      state_name: state?.name,
      run_count: run.run_count,
    }
    if ('flow_run_run_count' in run) seen.flow_run_run_count = run.flow_run_run_count
    const limit = this.world.limits.get(this.situation.subject === 'flow_run' ? 'deployment' : 'tag:unique')
    if (limit) seen.slots = limit.active_slots
    if (this.parentTask) seen.parent_task = `${this.parentTask.state?.type} ${this.parentTask.state?.name}`
    seen.start_time = run.start_time === null ? null : 'set'
    seen.end_time = run.end_time === null ? null : 'set'
    seen.expected_start_time = moment(run.expected_start_time)
    seen.next_scheduled_start_time = moment(run.next_scheduled_start_time)
    if ('resuming' in run.empirical_policy) {
      const { resuming, retry_type, pause_keys } = run.empirical_policy
      Object.assign(seen, { resuming, retry_type, pause_keys: pause_keys.map(word) })
    }
    return seen
  }

  private observeState(written: State | null): Record<string, unknown> | null {
    const state = written ?? this.subject.state
    if (state === null) return null
    const { type, name, message, data } = state
    const details: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(state.state_details)) {
      if (value !== null && value !== undefined && value !== false) details[key] = word(value)
    }
    const isKnown = message === null || message === 'proposed' || message === 'held'
    return {
      written: written !== null,
      type,
      name,
      message: isKnown ? message : '<text>',
      data: readBack(data, written !== null),
      details,
    }
  }

  private create(id: string, first: Template | null): Subject {
    const { subject, deployment, empirical_policy = {}, tag_limit, parent } = this.situation
    if (subject === 'task_run') {
      const policy = { ...makeTaskRun().empirical_policy, ...empirical_policy }
      const tags = tag_limit === undefined ? [] : ['unique']
      const flow_run_id = parent ? 'parent' : null
      return this.createTaskRun(id, { flow_run_id, empirical_policy: policy, tags }, first)
    }
    const policy = { ...makeFlowRun().empirical_policy, ...empirical_policy }
    const deployment_id = deployment ? 'deployment' : null
    const parent_task_run_id = this.parentTask ? 'parent task' : null
    return this.createFlowRun(id, { deployment_id, parent_task_run_id, empirical_policy: policy }, first)
  }

  private createFlowRun(id: string, fields: Partial<FlowRun>, first: Template | null): Entity<FlowRun> {
    const entity: Entity<FlowRun> = { run: makeFlowRun({ id, ...fields }), state: null, history: [] }
    this.world.flowRuns.set(id, entity)
    if (first) this.set(entity, first, true)
    return entity
  }

  private createTaskRun(id: string, fields: Partial<TaskRun>, first: Template | null): Entity<TaskRun> {
    const entity: Entity<TaskRun> = { run: makeTaskRun({ id, ...fields }), state: null, history: [] }
    this.world.taskRuns.set(id, entity)
    if (first) this.set(entity, first, true)
    return entity
  }

  private walk(entity: Subject, path: readonly Step[]): void {
    for (const step of path) this.set(entity, step.state, step.force ?? true)
  }

  private set(entity: Subject, template: Template, force: boolean): Decision<unknown> {
    this.world.now += 1000
    const proposal = this.world.proposal(fill(template))
    const asking = { client: this.client, force }
    return isTaskRun(entity)
      ? this.world.setTaskState(entity, proposal, asking)
      : this.world.setFlowState(entity, proposal, asking)
  }
}

/** A proposal's outcome in the words of the recording. */
export interface Observed {
  status?: string
  details?: string
  delay_seconds?: number | string
  state: Record<string, unknown> | null
  changed: Record<string, unknown>
}

/** Data as the server tells it: without what went to the columns of its artifact, and only if stored. */
function readBack(data: Json, isAnswer: boolean): Json {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return data
  if (data.type === 'unpersisted') return isAnswer ? data : null
  const { artifact_type, artifact_description, ...stored } = data
  return stored
}

function isTaskRun(entity: Subject): entity is Entity<TaskRun> {
  return 'task_key' in entity.run
}

function fill(template: Template): Proposal {
  const text = JSON.stringify(template)
    .replaceAll(/"now([+-]\d+)"/g, (_, seconds) => JSON.stringify(formatTimestamp(NOW + seconds * SECOND)))
    .replaceAll('"unique-uuid"', '"unique"')
  return JSON.parse(text)
}

function delayWord(seconds: number): number | string {
  if (seconds >= 60) return Math.round(seconds / 10) * 10
  return seconds === 30 ? 30 : '<short>'
}

const NAMES = new Set(['this run', 'parent', 'parent task', 'unique', 'one'])

function word(value: unknown): unknown {
  if (typeof value !== 'string' || NAMES.has(value)) return value
  const instant = parseTimestamp(value)
  return instant === undefined ? '<id>' : moment(instant)
}

function moment(instant: number | null): string | null {
  if (instant === null) return null
  const distance = instant - NOW
  if (Math.abs(distance) <= 5 * SECOND) return 'now'
  return distance < 0 ? 'past' : 'future'
}
