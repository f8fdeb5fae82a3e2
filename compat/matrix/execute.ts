import { randomUUID } from 'node:crypto'
import type { Rest } from '../rest.ts'
import type { Situation, StateTemplate, Step } from './grid.ts'
import { observeAnswer, observeRun } from './observe-run.ts'
import type { ObservedAnswer, ObservedRun } from './observe-run.ts'

/** What one proposal met: the run before it, the answer to it, and the run fields that it changed. */
export interface Outcome extends ObservedAnswer {
  before: ObservedRun | null
  changed: Partial<ObservedRun>
}

/** Runs cases against one server. What cases can share without touching each other (flow, parents) is made once. */
export class Executor {
  readonly rest: Rest
  private readonly shared = new Map<string, Promise<any>>()

  constructor(rest: Rest) {
    this.rest = rest
  }

  /** Puts a fresh run into the situation, proposes, and reads back. */
  async run(situation: Situation, proposal: StateTemplate, force: boolean): Promise<Outcome> {
    const bench = await this.prepare(situation)
    const state = bench.fill(proposal)
    if (situation.created) {
      const answer = await bench.create({ state })
      const made = answer.status < 400 ? await bench.read(answer.body.id) : null
      const observed = observeAnswer(answer, { ...bench.names, [answer.body?.id]: 'this run' }, null)
      return { ...observed, before: null, changed: made ? observeRun(made) : {} }
    }
    const runId = await bench.walk(situation.path, { infrastructure_pid: situation.infrastructure_pid })
    const before = await bench.read(runId)
    const answer = await this.rest.send('POST', `/${situation.subject}s/${runId}/set_state`, { state, force })
    const after = await bench.read(runId)
    return {
      ...observeAnswer(answer, { ...bench.names, [runId]: 'this run' }, before.state_id),
      before: observeRun(before),
      changed: differences(before, after),
    }
  }

  private once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const found = this.shared.get(key) ?? make()
    this.shared.set(key, found)
    return found
  }

  private flowId(): Promise<string> {
    return this.once(
      'flow',
      async () => (await this.rest.must('POST', '/flows/', { name: `matrix-${randomUUID()}` })).id,
    )
  }

  private async prepare(situation: Situation): Promise<Bench> {
    const bench = new Bench(this.rest, situation)
    const flow_id = await this.flowId()
    if (situation.deployment) {
      const make = () => bench.makeDeployment(flow_id)
      bench.deploymentId = situation.deployment.concurrency
        ? await make()
        : await this.once('deployment', make)
    }
    if (situation.parent) {
      bench.parentId = await this.once(JSON.stringify(situation.parent), async () => {
        const parent = new Bench(this.rest, {
          ...situation,
          subject: 'flow_run',
          parent: undefined,
          deployment: undefined,
        })
        parent.base = { flow_id }
        return parent.walk(situation.parent ?? [], {})
      })
    }
    await bench.makeBase(flow_id)
    for (const path of situation.others ?? []) {
      await bench.walk(path, {})
    }
    return bench
  }
}

/** The surroundings of one case: what its runs are made with and how its texts are filled in. */
class Bench {
  deploymentId: string | undefined
  parentId: string | undefined
  parentTaskId: string | undefined
  base: Record<string, unknown> = {}
  readonly unique = randomUUID()
  private readonly rest: Rest
  private readonly situation: Situation

  constructor(rest: Rest, situation: Situation) {
    this.rest = rest
    this.situation = situation
  }

  get names(): Record<string, string> {
    return {
      [this.unique]: 'unique',
      ...(this.parentId ? { [this.parentId]: 'parent' } : {}),
      ...(this.parentTaskId ? { [this.parentTaskId]: 'parent task' } : {}),
    }
  }

  fill(template: StateTemplate): Record<string, unknown> {
    const text = JSON.stringify(template)
      .replaceAll(/"now([+-]\d+)"/g, (_, seconds) =>
        JSON.stringify(new Date(Date.now() + Number(seconds) * 1000)),
      )
      .replaceAll(/"unique(-uuid)?"/g, JSON.stringify(this.unique))
    return JSON.parse(text)
  }

  async makeDeployment(flow_id: string): Promise<string> {
    const concurrency = this.situation.deployment?.concurrency
    const fields = { name: `matrix-${this.unique}`, flow_id }
    if (!concurrency) {
      return (await this.rest.must('POST', '/deployments/', fields)).id
    }
    const deployment = await this.rest.must('POST', '/deployments/', {
      ...fields,
      concurrency_limit: Math.max(concurrency.limit, 1),
      concurrency_options: { collision_strategy: concurrency.strategy },
    })
    if (concurrency.limit === 0) {
      // A deployment cannot be made with a limit of zero, but its limit can be set to zero afterwards.
      const limit = `/v2/concurrency_limits/${deployment.global_concurrency_limit.id}`
      await this.rest.must('PATCH', limit, { limit: 0 })
    }
    return deployment.id
  }

  async makeBase(flow_id: string): Promise<void> {
    const { subject, empirical_policy, tag_limit } = this.situation
    const policy = empirical_policy ? { empirical_policy } : {}
    if (subject === 'task_run') {
      const tags = tag_limit === undefined ? {} : { tags: [this.unique] }
      this.base = { flow_run_id: this.parentId ?? null, task_key: 'matrix', ...policy, ...tags }
      if (tag_limit !== undefined) {
        await this.rest.must('POST', '/concurrency_limits/', {
          tag: this.unique,
          concurrency_limit: tag_limit,
        })
      }
      return
    }
    this.base = { flow_id, deployment_id: this.deploymentId ?? null, ...policy }
    if (this.parentId) {
      const task = { flow_run_id: this.parentId, task_key: 'matrix', dynamic_key: randomUUID() }
      this.parentTaskId = (await this.rest.must('POST', '/task_runs/', task)).id
      this.base.parent_task_run_id = this.parentTaskId
    }
  }

  create(fields: Record<string, unknown>) {
    const key = this.situation.subject === 'task_run' ? { dynamic_key: randomUUID() } : {}
    return this.rest.send('POST', `/${this.situation.subject}s/`, { ...this.base, ...key, ...fields })
  }

  /** Makes a run and leads it along the path; the run's id. */
  async walk(path: Step[], patch: Record<string, unknown>): Promise<string> {
    const { subject } = this.situation
    const first = this.situation.first_state
    const { status, body } = await this.create(first ? { state: this.fill(first) } : {})
    if (status >= 400) {
      throw new Error(`creating a ${subject} answered ${status}: ${JSON.stringify(body)}`)
    }
    if (patch.infrastructure_pid) {
      await this.rest.must('PATCH', `/${subject}s/${body.id}`, patch)
    }
    for (const step of path) {
      await this.rest.must('POST', `/${subject}s/${body.id}/set_state`, {
        state: this.fill(step.state),
        force: step.force ?? true,
      })
    }
    return body.id
  }

  /** The run, with what else the case can move: slots in use and the parent's tracking task run. */
  async read(id: string): Promise<any> {
    const run = await this.rest.must('GET', `/${this.situation.subject}s/${id}`)
    if (this.situation.deployment?.concurrency) {
      const deployment = await this.rest.must('GET', `/deployments/${this.deploymentId}`)
      run.slots = deployment.global_concurrency_limit.active_slots
    }
    if (this.situation.tag_limit !== undefined) {
      run.slots = (await this.rest.must('GET', `/concurrency_limits/tag/${this.unique}`)).active_slots.length
    }
    if (this.parentTaskId) {
      const task = await this.rest.must('GET', `/task_runs/${this.parentTaskId}`)
      run.parent_task = `${task.state_type} ${task.state_name}`
    }
    return run
  }
}

function differences(before: any, after: any): Partial<ObservedRun> {
  const [old, now] = [observeRun(before), observeRun(after)]
  const changed = Object.entries(now).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key]),
  )
  for (const key of ['start_time', 'end_time']) {
    if (before[key] && after[key] && before[key] !== after[key]) {
      changed.push([key, 'moved'])
    }
  }
  return Object.fromEntries(changed)
}
