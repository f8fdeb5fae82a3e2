import type { State as WireState } from '@reeve/schemas/state'
import { sleepSeconds, sleepUntil } from '../client/sleep.ts'
import { log } from '../logs/logger.ts'
import { readResult } from '../results/reference.ts'
import type { ResultPolicy } from '../results/result-policy.ts'
import { type CancellationWatch, watchForCancellation } from './cancellation.ts'
import { Children } from './children.ts'
import { type EarlyFlowStart, type FlowRunFacts, turnOf } from './early-flow-start.ts'
import { AbortedRun, describeError, ParameterError } from './errors.ts'
import type { FlowDefinition } from './flow-options.ts'
import { namedParameters } from './flow-parameters.ts'
import { flowProposalAfter } from './flow-proposal.ts'
import type { FlowScope } from './flow-scope.ts'
import { collected } from './generators.ts'
import { callHooks, type HookRun } from './hooks.ts'
import { Limiter } from './limiter.ts'
import { propose, type Verdict } from './propose.ts'
import { settleReturned } from './returned.ts'
import { identified } from './identified.ts'
import { runBody } from './run-body.ts'
import { RunKeys } from './run-keys.ts'
import type { Runtime } from './runtime.ts'
import { runInScope, type Scope } from './scope.ts'
import { validate } from './standard-schema.ts'
import { Standing } from './standing.ts'
import { State } from './state.ts'
import { stoppedProposal } from './stopped-proposal.ts'
import type { Stop } from './stop.ts'
import type { LocalProposal } from './task-proposal.ts'
import { traced } from './tracing.ts'
import { timedTurn } from './turns.ts'
import { Unsettled } from './unsettled.ts'
import { runLink } from './run-link.ts'
import { fromProposal, fromWire, type Proposal } from './wire-state.ts'

/** One flow run and all it takes to carry it out. */
export interface FlowExecution<R> {
  readonly flow: FlowDefinition<any[], R>
  readonly runtime: Runtime
  /** What the run was started in. */
  readonly scope: Scope
  readonly run: FlowRunFacts
  /** What the server said to the first Running, if it was proposed already. */
  readonly first?: Verdict | undefined
  /** Of a run whose function does not wait for the server's answer to the first Running. */
  readonly start?: EarlyFlowStart | undefined
  readonly args: readonly unknown[]
  readonly results: ResultPolicy
  readonly logPrints: boolean
  /** Stops the run, in place of the run around it and the process's signals. */
  readonly stop?: Stop | undefined
}

/** Carries the run to its final state, with all tries that the server grants. */
export async function executeFlowRun<R>(execution: FlowExecution<R>): Promise<State<R>> {
  const { runtime, run, scope, start } = execution
  const watch = watchForCancellation(runtime, run.id, execution.stop ?? scope.task?.stop ?? scope.flow?.stop)
  start?.answered().catch((error: unknown) => watch.stop.stop(error))
  const attempts = new FlowAttempts(execution, watch)
  try {
    const { id, name, tags, labels } = run
    const shown = { kind: 'flow' as const, id, name, of: execution.flow.name, tags, labels, runtime }
    return await traced(shown, () => attempts.inScope({}, () => attempts.run()))
  } catch (error) {
    if (!(error instanceof AbortedRun)) await attempts.reportCrash(error)
    throw error
  } finally {
    watch.end()
  }
}

class FlowAttempts<R> {
  readonly #execution: FlowExecution<R>
  readonly #watch: CancellationWatch
  readonly #hookRun: HookRun
  readonly #baseScope: FlowScope
  #runCount: number
  /** The end that the log tells of already. */
  #announced: string | undefined

  constructor(execution: FlowExecution<R>, watch: CancellationWatch) {
    const { run, flow, scope, results, logPrints, args, start } = execution
    this.#execution = execution
    this.#watch = watch
    this.#runCount = run.run_count
    this.#hookRun = { id: run.id, name: run.name, of: flow.name, kind: 'flow' }
    this.#baseScope = {
      id: run.id,
      name: run.name,
      flowName: flow.name,
      parameters: namedParameters(flow, args),
      tags: run.tags,
      deploymentId: run.deployment_id ?? undefined,
      scheduledStartTime: run.expected_start_time ?? undefined,
      runCount: run.run_count,
      parent: scope.flow,
      stop: watch.stop,
      limiter: new Limiter(flow.options.concurrency),
      keys: new RunKeys(),
      results,
      logPrints,
      changedSteps: flow.options.changedSteps ?? scope.flow?.changedSteps ?? 'fail',
      pipelined: flow.options.pipelined ?? scope.flow?.pipelined ?? false,
      unsettled: new Unsettled(),
      start,
      children: new Children(),
    }
  }

  inScope<T>(change: Partial<FlowScope>, fn: () => T): T {
    const { task: _, ...outer } = this.#execution.scope
    const { runtime } = this.#execution
    return runInScope(
      { ...outer, runtime, flow: { ...this.#baseScope, runCount: this.#runCount, ...change } },
      fn,
    )
  }

  async run(): Promise<State<R>> {
    const { flow, run, scope, runtime } = this.#execution
    log.info(`Flow run '${run.name}' of flow '${flow.name}' begins`)
    if (!scope.flow) log.info(`View at ${await runLink(runtime, run.id)}`)
    try {
      return await this.#toEnd()
    } catch (error) {
      const { stop } = this.#watch
      if (!stop.stopped || error !== stop.reason) throw error
      return this.#endStopped(error)
    }
  }

  async #toEnd(): Promise<State<R>> {
    const { flow, run, runtime } = this.#execution
    let { first, start } = this.#execution
    for (;;) {
      let running: WireState | undefined
      if (!start) {
        const verdict = first ?? (await this.#propose({ type: 'RUNNING' }))
        first = undefined
        if (verdict.kind === 'abort') throw this.#stopped(verdict)
        if (verdict.kind === 'reject' && verdict.state.type !== 'RUNNING') {
          const finished = await this.#instead(verdict.state)
          if (finished) return finished
          continue
        }
        running = verdict.state
      }
      this.#runCount++
      if (running) await callHooks(flow.options, this.#hookRun, fromWire<R>(running))
      const { wire, local, settled } = await this.#attempt()
      if (settled) return settled.isFinal ? this.#finish(settled) : settled
      if (wire.type === 'COMPLETED') this.#announce(fromProposal(wire))
      // Logs leave beside the last proposal instead of after it.
      void runtime.logs.flush()
      const answer = await (start ? this.#endEarly(start, wire) : this.#propose(wire))
      start = undefined
      if (answer.kind === 'abort') throw this.#stopped(answer)
      const state = fromWire<R>(answer.state)
      if (answer.kind === 'accept' || state.type === wire.type) return this.#finish(state.with(local))
      if (state.isFinal) return this.#finish(state)
      if (state.type === 'CANCELLING') return this.#finish((await this.#cancelled()).with(local))
      log.warn(`Flow run '${run.name}' failed (${wire.message}); it is retried`)
      await this.#wait(answer.state)
    }
  }

  /** Runs the function once, waits for all that it started, and says which state to propose. */
  async #attempt(): Promise<LocalProposal<R>> {
    const { flow, runtime } = this.#execution
    const children = new Children()
    const unsettled = new Unsettled()
    const own = { children, unsettled, keys: new RunKeys(), ...this.#standing() }
    const ending = await runBody((stop) => this.#callFunction({ stop, ...own }), {
      timeoutSeconds: flow.options.timeoutSeconds,
      outer: this.#watch.stop,
      graceSeconds: runtime.settings.cancelGraceSeconds,
    })
    await children.ended()
    const end = await unsettled.settled().then(
      () => ending,
      (error: unknown) => ({ kind: 'threw' as const, error }),
    )
    return flowProposalAfter(end, this.#execution)
  }

  /** Of a function that has run; should the server hold its start up, the end is put when that is over. */
  async #endEarly(start: EarlyFlowStart, wire: Proposal): Promise<Verdict> {
    let { first: verdict } = await start.answered()
    for (;;) {
      verdict ??= await this.#propose({ type: 'RUNNING' })
      const { kind, state } = verdict
      if (kind === 'accept' || state?.type === 'RUNNING') return this.#propose(wire)
      if (kind === 'abort' || state.type === 'CANCELLING' || fromWire(state).isFinal) return verdict
      await this.#wait(state)
      verdict = undefined
    }
  }

  /** Only in the first attempt of a run that was made for this call. */
  #standing(): Pick<FlowScope, 'standing'> {
    const { run, first, start } = this.#execution
    if (start && this.#runCount === 1) return { standing: start.standing }
    if (first?.kind !== 'accept' || run.run_count > 0 || this.#runCount > 1) return {}
    const standing = new Standing()
    standing.hear(first.state.type)
    return { standing }
  }

  async #callFunction(change: Partial<FlowScope>): Promise<State<R>> {
    const { flow, args } = this.#execution
    const checked = await this.#validated(args)
    const parameters = namedParameters(flow, checked)
    return this.inScope({ ...change, parameters }, async () =>
      settleReturned<R>(await collected(timedTurn(turnOf(flow.name), () => flow.fn(...checked)))),
    )
  }

  async #validated(args: readonly unknown[]): Promise<unknown[]> {
    const { name, options } = this.#execution.flow
    if (!options.parameters) return [...args]
    const result = await validate(options.parameters, args[0])
    if ('issues' in result) throw new ParameterError(name, result.issues)
    return [result.value]
  }

  /** What the server wants instead of Running: a final state, or undefined to ask again. */
  async #instead(wire: WireState): Promise<State<R> | undefined> {
    const state = fromWire<R>(wire)
    if (state.isCompleted) {
      const found = await readResult(this.#execution.results, wire.data)
      return this.#finish(state.with(found ? { data: found.value as R } : { message: 'The result is gone' }))
    }
    if (state.isFinal) return this.#finish(state)
    if (state.type === 'CANCELLING') return this.#finish(await this.#cancelled())
    await this.#wait(wire)
    return undefined
  }

  /** A run that is being cancelled can only become Cancelled. */
  async #cancelled(): Promise<State<R>> {
    const verdict = await this.#propose({ type: 'CANCELLED' })
    if (verdict.kind === 'abort') throw this.#stopped(verdict)
    return fromWire<R>(verdict.state)
  }

  /** Of a run that was waiting when it was stopped. */
  async #endStopped(reason: unknown): Promise<State<R>> {
    await this.#execution.start?.answered()
    const { state } = await this.#propose(stoppedProposal(reason))
    const end = state?.type === 'CANCELLING' ? await this.#cancelled() : state && fromWire<R>(state)
    if (!end?.isFinal || end.isCompleted) throw reason
    return this.#finish(end.with({ error: reason }))
  }

  #wait({ type, state_details, timestamp }: WireState): Promise<void> {
    const { signal } = this.#watch.stop
    const { clock } = this.#execution.runtime
    return type === 'SCHEDULED'
      ? sleepUntil(state_details.scheduled_time, signal, clock, timestamp)
      : sleepSeconds(PAUSE_POLL_SECONDS, signal, clock, 'poll')
  }

  #propose(proposal: Proposal): Promise<Verdict> {
    const { runtime, run } = this.#execution
    const state = identified(proposal)
    return propose(
      () => runtime.api.setFlowRunState({ params: { id: run.id }, body: { state } }),
      (seconds) => {
        const signal = state.type === 'RUNNING' ? this.#watch.stop.signal : undefined
        return sleepSeconds(seconds, signal, runtime.clock)
      },
    )
  }

  #stopped(verdict: Verdict & { kind: 'abort' }): AbortedRun {
    const state = verdict.state ? fromWire(verdict.state) : new State('CANCELLED')
    return new AbortedRun(
      state,
      `The server stopped flow run '${this.#execution.run.name}': ${verdict.reason}`,
    )
  }

  #announce(state: State): void {
    const text = String(state)
    if (text === this.#announced) return
    this.#announced = text
    log[state.isCompleted ? 'info' : 'error'](`Flow run '${this.#execution.run.name}' finished as ${text}`)
  }

  async #finish(state: State<R>): Promise<State<R>> {
    const { flow } = this.#execution
    this.#announce(state)
    await callHooks(flow.options, this.#hookRun, state)
    return state
  }

  /** Best effort: tells the server that the engine itself could not go on. */
  async reportCrash(error: unknown): Promise<void> {
    const crashed = { type: 'CRASHED', message: describeError(error) } as const
    await (this.#execution.start?.answered() ?? Promise.resolve())
      .then(() => this.#propose(crashed))
      .catch(() => {})
  }
}

/** A paused flow run is looked at again after so many seconds. */
const PAUSE_POLL_SECONDS = 2
