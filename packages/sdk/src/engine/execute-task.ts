import type { State as WireState, StateDetails } from '@reeve/schemas/state'
import type { TaskRun } from '@reeve/schemas/task-run'
import { sleepSeconds, sleepUntil } from '../client/sleep.ts'
import { log } from '../logs/logger.ts'
import { isReference, readResult } from '../results/reference.ts'
import type { ResultPolicy } from '../results/result-policy.ts'
import { currentClock } from './current-clock.ts'
import { ChangedStepError, whatChanged } from './changed-step.ts'
import type { EarlyStart } from './early-start.ts'
import { AbortedRun, CancelledRun, describeError } from './errors.ts'
import { collected } from './generators.ts'
import { callHooks, type HookRun } from './hooks.ts'
import { identified } from './identified.ts'
import { Limiter, type Slot } from './limiter.ts'
import { propose, type Verdict } from './propose.ts'
import { type Ending, runBody } from './run-body.ts'
import type { RunKeys } from './run-keys.ts'
import type { Runtime } from './runtime.ts'
import { runInScope, type Scope } from './scope.ts'
import { State } from './state.ts'
import { Stop } from './stop.ts'
import { stoppedProposal } from './stopped-proposal.ts'
import { codeOf } from './task-code.ts'
import type { TaskDefinition } from './task-options.ts'
import { type LocalProposal, proposalAfter } from './task-proposal.ts'
import { type CachePlan, inputsHashOf, planCache } from './task-results.ts'
import type { TaskScope } from './task-scope.ts'
import { joinTransaction } from './task-transaction.ts'
import { traced } from './tracing.ts'
import { timedTurn } from './turns.ts'
import { fromProposal, fromWire, type Proposal } from './wire-state.ts'

/** One task run and all it takes to carry it out. */
export interface TaskExecution<R> {
  readonly task: TaskDefinition<any[], R>
  readonly runtime: Runtime
  /** What the run was started in. */
  readonly scope: Scope
  readonly run: Pick<TaskRun, 'id' | 'name' | 'tags' | 'labels' | 'run_count' | 'state'>
  /** What the server said to the first Running, if it was proposed already, and the slot to run in. */
  readonly first?: Verdict | undefined
  /** Of a run whose function does not wait for the server's answer to the first Running. */
  readonly early?: EarlyStart | undefined
  readonly slot?: Slot | undefined
  readonly keys: RunKeys
  readonly results: ResultPolicy
  readonly logPrints: boolean
  args: readonly unknown[]
  inputs: { readonly [name: string]: unknown }
  /** Set when a worker carries the run out. */
  readonly background?: BackgroundPart
}

/** What a worker has decided for a run. */
export interface BackgroundPart {
  readonly stop: Stop
  /** Ends waits, for their time or to be tried again, so that another worker can do the waiting. */
  readonly leave: Stop
  /** Goes into each proposal. */
  readonly details: Partial<StateDetails>
}

/** For runs outside of flows. */
export const unlimited = new Limiter()

/** Carries the run from Pending to its final state, with all tries that the server grants. */
export async function executeTaskRun<R>(execution: TaskExecution<R>): Promise<State<R>> {
  const { scope, runtime } = execution
  const slot = execution.slot ?? (await (scope.flow?.limiter ?? unlimited).acquire())
  const attempts = new TaskAttempts(execution, slot)
  try {
    const { id, name, tags, labels } = execution.run
    const shown = { kind: 'task' as const, id, name, of: execution.task.name, tags, labels, runtime }
    return await traced(shown, () =>
      runInScope({ ...scope, runtime, task: attempts.scope() }, () => attempts.run()),
    )
  } finally {
    slot.release()
  }
}

class TaskAttempts<R> {
  readonly #execution: TaskExecution<R>
  readonly #slot: Slot
  readonly #hookRun: HookRun
  /** Of the run around it. */
  readonly #outer: Stop
  /** Ends waits. */
  readonly #leave: Stop
  #runCount: number

  constructor(execution: TaskExecution<R>, slot: Slot) {
    const { run, task, scope, background } = execution
    this.#execution = execution
    this.#slot = slot
    this.#outer = background?.stop ?? scope.task?.stop ?? scope.flow?.stop ?? new Stop()
    this.#leave = background?.leave ?? this.#outer
    this.#runCount = run.run_count
    this.#hookRun = { id: run.id, name: run.name, of: task.name, kind: 'task' }
  }

  scope(stop = this.#outer): TaskScope {
    const { run, task, inputs, keys, logPrints } = this.#execution
    const { id, name, tags } = run
    return {
      id,
      name,
      taskName: task.name,
      tags,
      inputs,
      runCount: this.#runCount,
      stop,
      slot: this.#slot,
      keys,
      logPrints,
    }
  }

  async run(): Promise<State<R>> {
    try {
      return await this.#toEnd()
    } catch (error) {
      // A worker decides itself what becomes of a run that waits.
      if (this.#execution.background || !this.#outer.stopped || error !== this.#outer.reason) throw error
      return this.#endStopped(error)
    }
  }

  async #toEnd(): Promise<State<R>> {
    const before = await this.#takeOverFinished()
    if (before) return before
    const cache = await planCache(this.#execution)
    const { key, locks } = cache
    if (key === undefined || !locks) return this.#runWith(cache)
    const release = await this.#slot.lend(locks.acquire(`cache/${key}`, this.#leave.signal))
    try {
      return await this.#runWith(cache)
    } finally {
      await release()
    }
  }

  async #runWith(cache: CachePlan): Promise<State<R>> {
    const { task, run } = this.#execution
    // A kept result that is not to be used has to be forced out of its final state.
    let force = run.state?.type === 'COMPLETED' && run.state.data !== null
    let { first, early } = this.#execution
    for (;;) {
      let running: WireState | undefined
      if (!early) {
        if (!first && this.#outer.stopped) throw this.#outer.reason
        const verdict =
          first ?? (await this.#propose({ type: 'RUNNING', state_details: cache.running }, force))
        first = undefined
        force = false
        if (verdict.kind === 'abort') throw this.#stopped(verdict)
        if (verdict.kind === 'reject' && verdict.state.type !== 'RUNNING') {
          const finished = await this.#instead(verdict.state)
          if (finished) return finished
          force = verdict.state.type === 'COMPLETED'
          continue
        }
        running = verdict.state
      }
      this.#runCount++
      await this.#execution.scope.flow?.unsettled.settled()
      if (running) await callHooks(task.options, this.#hookRun, fromWire<R>(running))
      const { wire, local } = await proposalAfter(await this.#callFunction(), this.#execution, cache)
      const answered = early ? this.#endEarly(early, wire) : this.#propose(wire)
      early = undefined
      if (await this.#mayHandOn(wire, cache)) return this.#handOn(wire, local, answered)
      const answer = await answered
      if (answer.kind === 'abort') throw this.#stopped(answer)
      const state = fromWire<R>(answer.state)
      if (answer.kind === 'accept' || state.type === wire.type) return this.#finish(state.with(local))
      if (state.isFinal) return this.#finish(state)
      log.warn(`Task run '${run.name}' failed (${wire.message}); ${whenRetried(state)}`)
      await this.#wait(answer.state)
    }
  }

  /**
   * Whether the result may go to the flow while its Completed is on the way. Not when somebody must see that
   * it is there first: hooks, transactions, other flows by cache, or the next in line for a tag's slot.
   */
  async #mayHandOn({ type }: Proposal, cache: CachePlan): Promise<boolean> {
    const { task, run, runtime, scope } = this.#execution
    if (type !== 'COMPLETED' || !scope.flow?.pipelined || scope.task || scope.transaction) return false
    if (task.options.onCompletion || cache.key !== undefined || run.tags.length > 0) return false
    return (await runtime.pipeline?.isThere()) ?? false
  }

  /** Of a function that has run; should the server hold its start up, the end is put when that is over. */
  async #endEarly(early: EarlyStart, wire: Proposal): Promise<Verdict> {
    let told = await early.end(identified(wire))
    while (told.kind === 'held') {
      if (told.state) await this.#wait(told.state)
      const verdict = await this.#propose({ type: 'RUNNING' })
      if (verdict.kind === 'abort' || (verdict.kind === 'reject' && fromWire(verdict.state).isFinal))
        return verdict
      told = verdict.kind === 'accept' ? { kind: 'begun' } : { kind: 'held', state: verdict.state }
    }
    return told.kind === 'begun' ? this.#propose(wire) : told
  }

  #handOn(wire: Proposal, local: LocalProposal<R>['local'], answered: Promise<Verdict>): Promise<State<R>> {
    const taken = answered.then((verdict) => {
      if (verdict.kind === 'abort') throw this.#stopped(verdict)
      if (verdict.state.type === 'COMPLETED') return
      const state = fromWire(verdict.state)
      throw new AbortedRun(state, `Task run '${this.#execution.run.name}' had ended as ${state} meanwhile`)
    })
    this.#execution.scope.flow?.unsettled.add(taken)
    const state = fromProposal(wire) as State<R>
    return this.#finish(state.with({ ...local, stored: wire.data ?? null }))
  }

  /** The result of an earlier execution of the same flow run, if this very call had one. */
  async #takeOverFinished(): Promise<State<R> | undefined> {
    const { run, task, inputs, results, scope } = this.#execution
    const { state, name } = run
    if (state?.type !== 'COMPLETED' || state.data === null || task.options.refreshCache) return undefined
    const changed =
      state.name !== 'Cached' && isReference(state.data)
        ? whatChanged(state.data, { code: codeOf(task), inputsHash: inputsHashOf(inputs) })
        : undefined
    const policy = scope.flow?.changedSteps ?? 'fail'
    if (changed && policy === 'fail') throw new ChangedStepError(name, changed)
    if (changed && policy === 'rerun') {
      log.warn(`Task run '${name}' is run again: its ${changed} changed since it was completed`)
      return undefined
    }
    const found = await readResult(results, state.data)
    if (!found) return undefined
    log.info(`Task run '${name}' was finished before; its result is taken over`)
    const before = fromWire<R>(state).with({ data: found.value as R })
    joinTransaction(this.#execution, before)
    return before
  }

  /** What the server wants instead of Running: a final state, or undefined to ask again. */
  async #instead(wire: WireState): Promise<State<R> | undefined> {
    const state = fromWire<R>(wire)
    if (state.isCompleted) {
      const found = await readResult(this.#execution.results, wire.data)
      if (found) return this.#finish(state.with({ data: found.value as R }))
      log.warn(`Task run '${this.#execution.run.name}' is run: the result that the server knows of is gone`)
      return undefined
    }
    if (state.isFinal) return this.#finish(state)
    await this.#wait(wire)
    return undefined
  }

  #callFunction(): Promise<Ending<unknown>> {
    const { task, scope, runtime, args } = this.#execution
    const call = (stop: Stop) =>
      runInScope({ ...scope, runtime, task: this.scope(stop) }, () =>
        collected(
          timedTurn(task.name, () => task.fn(...args)),
          task.sink,
        ),
      )
    return runBody(call, {
      timeoutSeconds: task.options.timeoutSeconds,
      outer: this.#outer,
      graceSeconds: runtime.settings.cancelGraceSeconds,
    })
  }

  /** Of a run that was to wait, or had not begun, when the run around it was stopped. */
  async #endStopped(reason: unknown): Promise<State<R>> {
    await this.#execution.early?.answered()
    const verdict = await this.#propose(stoppedProposal(reason)).catch(() => undefined)
    const state = verdict?.state && fromWire<R>(verdict.state)
    if (!state?.isFinal || state.isCompleted) throw reason
    return this.#finish(state.with({ error: reason }))
  }

  /** Waits for what the state waits for, without keeping others from running. */
  async #wait(state: WireState): Promise<void> {
    const { clock } = this.#execution.runtime
    await this.#slot.lend(
      state.type === 'SCHEDULED'
        ? sleepUntil(state.state_details.scheduled_time, this.#leave.signal, clock, state.timestamp)
        : sleepSeconds(PAUSE_POLL_SECONDS, this.#leave.signal, clock, 'poll'),
    )
  }

  #propose(proposal: Proposal, force = false): Promise<Verdict> {
    const { runtime, run, background } = this.#execution
    const details = { ...proposal.state_details, ...background?.details }
    const state = identified(background ? { ...proposal, state_details: details } : proposal)
    return propose(
      () => runtime.api.setTaskRunState({ params: { id: run.id }, body: { state, force } }),
      (seconds) => this.#slot.lend(sleepSeconds(seconds, this.#leave.signal, runtime.clock)),
    )
  }

  #stopped(verdict: Verdict & { kind: 'abort' }): unknown {
    if (this.#outer.stopped) return this.#outer.reason
    const { scope, run } = this.#execution
    const state = verdict.state ? fromWire(verdict.state) : new State('CANCELLED')
    const message = `The server stopped task run '${run.name}': ${verdict.reason || 'no reason given'}`
    return scope.flow ? new CancelledRun(state, message) : new AbortedRun(state, message)
  }

  async #finish(state: State<R>): Promise<State<R>> {
    const { task, run } = this.#execution
    log[state.isCompleted ? 'info' : 'error'](`Task run '${run.name}' finished as ${state}`)
    await callHooks(task.options, this.#hookRun, state)
    if (state.isCompleted) joinTransaction(this.#execution, state)
    return state
  }
}

/** A paused flow run is looked at again after so many seconds. */
const PAUSE_POLL_SECONDS = 2

function whenRetried(state: State): string {
  const seconds = (Date.parse(state.details.scheduled_time ?? '') - currentClock().now()) / 1000
  return seconds > 0.05 ? `retrying in ${seconds.toFixed(1)} s` : 'retrying'
}

/** Best effort: tells the server that the engine itself could not go on with the run. */
export async function reportTaskCrash<R>(
  { runtime, run, early }: TaskExecution<R>,
  error: unknown,
): Promise<void> {
  await early?.answered()
  const state = identified({ type: 'CRASHED', message: describeError(error) })
  await runtime.api.setTaskRunState({ params: { id: run.id }, body: { state } }).catch(() => {})
}
