import type { FlowRunCreate, FlowRun } from '@reeve/schemas/flow-run'
import { MOST_STARTS_ALONG } from '@reeve/schemas/pipeline'
import { isUnderWay } from '../client/under-way.ts'
import type { EngineApi } from './api.ts'
import { identified } from './identified.ts'
import { Standing } from './standing.ts'
import { type Started, startedRun } from './start-run.ts'
import type { ToldFlowRun } from './terse-answers.ts'
import { ageOfStart } from './turns.ts'

/** A flow run as carrying it out takes it. */
export type FlowRunFacts = Pick<
  FlowRun,
  'id' | 'name' | 'tags' | 'labels' | 'run_count' | 'deployment_id' | 'expected_start_time'
>

/** A flow run as it is to be created, with all that is to be known of it before it is. */
export type FlowRunBody = (typeof FlowRunCreate)['_zod']['input'] & {
  id: string
  name: string
  tags: string[]
}

type Body = Parameters<EngineApi['startFlowRun']>[0]['body']
type TaskRunStart = NonNullable<Body['task_runs']>[number]
type TaskRunAnswer = Awaited<ReturnType<EngineApi['startFlowRun']>>['task_runs'][number]

interface Passenger {
  ticket: () => TaskRunStart
  arrived: PromiseWithResolvers<TaskRunAnswer>
}

/** By which the turns of a flow's function are noted. */
export const turnOf = (flowName: string) => `flow ${flowName}`

/**
 * The start of a flow run whose function is called before the server has answered. It leaves when the event loop
 * comes round, and takes along the starts of the task runs that have begun by then.
 */
export class EarlyFlowStart {
  /** The run as the server will make it. */
  readonly run: FlowRunFacts
  /** Nobody else knows of the run, so nobody can have stopped it. */
  readonly standing = new Standing()
  readonly #api: EngineApi
  readonly #body: FlowRunBody
  readonly #turn: string
  readonly #running = identified({ type: 'RUNNING' })
  readonly #began = performance.now()
  readonly #passengers: Passenger[] = []
  readonly #answer: Promise<Started<ToldFlowRun>>
  #hasLeft = false
  #isAnswered = false

  constructor(api: EngineApi, body: FlowRunBody, flowName: string) {
    const { id, name, tags } = body
    const expected_start_time = new Date().toISOString()
    this.run = { id, name, tags, labels: {}, run_count: 0, deployment_id: null, expected_start_time }
    this.#api = api
    this.#body = body
    this.#turn = turnOf(flowName)
    this.standing.hear('RUNNING')
    this.#answer = this.#leave()
    isUnderWay(this.#answer)
  }

  /** Resolves when the server has answered, whatever it said; rejects when it did not make the run. */
  answered(): Promise<Started<ToldFlowRun>> {
    return this.#answer
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /**
   * Takes the start of a task run along, as it is when this one leaves; resolves to null when it was not made.
   * Undefined when this one has left, or is full.
   */
  takeAlong(ticket: () => TaskRunStart): Promise<TaskRunAnswer> | undefined {
    if (this.#hasLeft || this.#passengers.length === MOST_STARTS_ALONG) return undefined
    const arrived = Promise.withResolvers<TaskRunAnswer>()
    this.#passengers.push({ ticket, arrived })
    return arrived.promise
  }

  async #leave(): Promise<Started<ToldFlowRun>> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#hasLeft = true
    const body: Body = {
      flow_run: this.#body,
      state: this.#running,
      age_seconds: ageOfStart(this.#turn, this.#began),
      ...(this.#passengers.length > 0 && { task_runs: this.#passengers.map(({ ticket }) => ticket()) }),
    }
    try {
      const { flow_run, result, task_runs } = await this.#api.startFlowRun({ body })
      const started = startedRun(flow_run, result, this.#running)
      this.standing.hear(started.first?.kind === 'accept' ? started.first.state.type : null)
      for (const [place, { arrived }] of this.#passengers.entries()) arrived.resolve(task_runs[place] ?? null)
      return started
    } catch (error) {
      for (const { arrived } of this.#passengers) arrived.reject(error)
      throw error
    } finally {
      this.#isAnswered = true
    }
  }
}
