import { orderedUuid } from '@reeve/schemas/ordered-uuid'
import type { State as WireState } from '@reeve/schemas/state'
import { isTerminal } from '@reeve/schemas/state-type'
import type { TaskRun } from '@reeve/schemas/task-run'
import { isUnderWay } from '../client/under-way.ts'
import type { EngineApi } from './api.ts'
import type { EarlyFlowStart } from './early-flow-start.ts'
import { type IdentifiedProposal, identified } from './identified.ts'
import { type Verdict, verdictOf } from './propose.ts'
import type { Standing } from './standing.ts'
import { isBy, startedRun } from './start-run.ts'
import type { TaskRunBody } from './task-run-body.ts'
import { ageOfStart } from './turns.ts'

/** What the server said to a run that has begun, and maybe ended, before it was asked. */
export type EarlyVerdict =
  /** To its end. */
  | Verdict
  /** Running was accepted; the end is to be proposed yet. */
  | { kind: 'begun' }
  /** Running is to be proposed once more, after what the state waits for. */
  | { kind: 'held'; state: WireState | null }

type Answer = Awaited<ReturnType<EngineApi['startTaskRun']>>

interface Surroundings {
  standing: Standing | undefined
  /** Of the flow run around it. */
  flowStart: EarlyFlowStart | undefined
}

/**
 * The start of a task run whose function is called before the server has answered. It leaves when the event loop
 * comes round, with that of its flow run if that has not left; a function that is over by then has its end sent
 * along, in the same call.
 */
export class EarlyStart {
  /** The run as the server will make it. */
  readonly run: Pick<TaskRun, 'id' | 'name' | 'tags' | 'labels' | 'run_count' | 'state'>
  readonly #api: EngineApi
  readonly #body: TaskRunBody
  readonly #standing: Standing | undefined
  readonly #running = identified({ type: 'RUNNING' })
  readonly #began = performance.now()
  readonly #leaving: NodeJS.Immediate | undefined
  readonly #answer = Promise.withResolvers<Answer>()
  #end: IdentifiedProposal | undefined
  #hasLeft = false

  constructor(api: EngineApi, body: TaskRunBody, { standing, flowStart }: Surroundings) {
    const { name, tags } = body
    this.run = { id: orderedUuid(), name, tags, labels: {}, run_count: 0, state: null }
    this.#api = api
    this.#body = body
    this.#standing = standing
    const along = flowStart?.takeAlong(() => this.#start())
    if (along) along.then((answer) => (answer ? this.#hear(answer) : this.#send()), this.#answer.reject)
    else this.#leaving = setImmediate(() => this.#leave())
    isUnderWay(this.#answer.promise)
  }

  /** Resolves when the server has answered, whatever it said. */
  async answered(): Promise<void> {
    await this.#leave().catch(() => {})
  }

  /** Proposes how the function ended. */
  async end(end: IdentifiedProposal): Promise<EarlyVerdict> {
    const { task_run: run, result, end: ended } = await this.#leave(end)
    if (!result && isBy(run.state, end))
      return { kind: run.state.type === end.type ? 'accept' : 'reject', state: run.state, reason: '' }
    const { first } = startedRun(run, result, this.#running)
    if (first?.kind === 'accept') return (ended && verdictOf(ended)) ?? { kind: 'begun' }
    const state = first ? first.state : result ? null : run.state
    if (first?.kind === 'abort') return first
    if (state && isTerminal(state.type)) return { kind: 'reject', state, reason: 'The run had ended already' }
    return { kind: 'held', state }
  }

  /** Makes the start leave, unless it has or goes with another; `end` goes with it or not at all. */
  #leave(end?: IdentifiedProposal): Promise<Answer> {
    if (!this.#hasLeft) {
      this.#end = end
      if (this.#leaving) this.#send()
    }
    return this.#answer.promise
  }

  #send(): void {
    clearImmediate(this.#leaving)
    this.#api.startTaskRun({ body: this.#start() }).then((answer) => this.#hear(answer), this.#answer.reject)
  }

  #hear(answer: Answer): void {
    if (answer.result) this.#standing?.hear(answer.flow_run_state_type)
    this.#answer.resolve(answer)
  }

  /** What is told of the run as it leaves. */
  #start() {
    this.#hasLeft = true
    const { id } = this.run
    const age_seconds = ageOfStart(this.#body.task_key, this.#began)
    return { task_run: { ...this.#body, id }, state: this.#running, end: this.#end, age_seconds }
  }
}
