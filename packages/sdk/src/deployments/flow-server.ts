import type { FlowRun } from '@reeve/schemas/flow-run'
import type { FlowRunSort } from '@reeve/schemas/sorts'
import type { StateType } from '@reeve/schemas/state-type'
import { ApiError } from '../client/api-error.ts'
import { isRetryable } from '../client/backoff.ts'
import { sleepSeconds } from '../client/sleep.ts'
import { describeError, InterruptedRun } from '../engine/errors.ts'
import { type Bell, listenForEvents } from '../engine/event-bell.ts'
import { Limiter, type Slot } from '../engine/limiter.ts'
import type { Runtime } from '../engine/runtime.ts'
import type { Stop } from '../engine/stop.ts'
import { log } from '../logs/logger.ts'
import type { Deployment } from './deployment.ts'
import { carryOut } from './carry-out.ts'
import { isGone } from '../owner.ts'
import type { ServeOptions } from './serve.ts'

export interface FlowServerOptions extends ServeOptions {
  runtime: Runtime
  /** Ends the runs. */
  stop: Stop
  /** Takes no more runs; stops with `stop` at the latest. */
  leave: Stop
}

const PAGE = 200
/** States by which a run says that it may be due. */
const NEWS = ['Scheduled', 'Late', 'Resuming', 'Sleeping'].map((name) => `prefect.flow-run.${name}`)
/** A run that waits for its next try is left to the process that has it, unless that lets the time go by. */
const RETRY_GRACE_MS = 30_000

/** Finds runs of deployments that are due, and carries them out. */
export class FlowServer {
  readonly #deployments: ReadonlyMap<string, Deployment>
  readonly #options: FlowServerOptions
  readonly #runtime: Runtime
  readonly #limiter: Limiter
  /** By the run's id. */
  readonly #active = new Map<string, Promise<void>>()
  /** Runs that were not to be had, by id, and when to try again. */
  readonly #heldOff = new Map<string, number>()
  #rung = Promise.withResolvers<void>()

  constructor(deployments: ReadonlyMap<string, Deployment>, options: FlowServerOptions) {
    this.#deployments = deployments
    this.#options = options
    this.#runtime = options.runtime
    this.#limiter = new Limiter(options.limit ?? 5, () => this.#rung.resolve())
  }

  /** Until it is told to leave, and all runs are over. */
  async work(): Promise<void> {
    const { leave } = this.#options
    const ids = new Set([...this.#deployments.keys()].map((id) => `prefect.deployment.${id}`))
    const bell = listenForEvents(this.#runtime, {
      names: NEWS,
      matches: ({ related }) => related.some((each) => ids.has(each['prefect.resource.id'] ?? '')),
      ring: () => this.#rung.resolve(),
    })
    try {
      if (!leave.stopped) await this.#takeUpOwn()
      this.#options.onReady?.()
      while (!leave.stopped) {
        this.#rung = Promise.withResolvers()
        await this.#pause(await this.#look().catch((error: unknown) => this.#later(error)), bell)
      }
    } finally {
      bell.end()
      await this.#finish()
    }
  }

  /** Waits so many seconds, or less when something happens. */
  async #pause(seconds: number, bell: Bell): Promise<void> {
    const over = new AbortController()
    const unlisten = this.#options.leave.onStop(() => this.#rung.resolve())
    const { clock } = this.#runtime
    const waits = [this.#rung.promise]
    const poll = this.#pollSeconds * (bell.isLive ? LIVE_FACTOR : 1)
    waits.push(sleepSeconds(poll, over.signal, clock, 'poll'))
    if (seconds < Infinity) waits.push(sleepSeconds(seconds, over.signal, clock, 'wake'))
    await Promise.race(waits).finally(() => over.abort())
    unlisten()
  }

  get #pollSeconds(): number {
    return this.#options.pollSeconds ?? 5
  }

  /** A server that is away for a while is asked again; one that refuses is not. */
  #later(error: unknown): number {
    const refused = error instanceof ApiError && error.status < 500 && !isRetryable(error.status)
    if (refused) throw error
    log.warn(`The server cannot be asked for flow runs: ${describeError(error)}; asking again`)
    return this.#pollSeconds
  }

  /** Begins what is due and gives the seconds until the next one is. */
  async #look(): Promise<number> {
    const { clock } = this.#runtime
    if (this.#limiter.free <= 0) return Infinity
    const now = clock.now()
    for (const [id, until] of this.#heldOff) if (until <= now) this.#heldOff.delete(id)
    // As many as may be begun, those that were, and one that tells when to look again.
    const page = Math.min(this.#limiter.free + this.#active.size + this.#heldOff.size + 1, PAGE)
    let next = Infinity
    for await (const run of this.#runs(['SCHEDULED'], 'NEXT_SCHEDULED_START_TIME_ASC', page)) {
      if (this.#active.has(run.id)) continue
      const wait = Math.max(dueAt(run), this.#heldOff.get(run.id) ?? 0) - now
      if (wait > 0) {
        next = Math.min(next, wait / 1000)
        if (!this.#heldOff.has(run.id)) return next
        continue
      }
      const slot = this.#limiter.tryAcquire()
      if (!slot) return Infinity
      this.#begin(run, slot, false)
    }
    return next
  }

  /** Runs of the deployments in states of these types, read page by page as they are taken. */
  async *#runs(types: StateType[], sort: FlowRunSort, page: number): AsyncGenerator<FlowRun, void> {
    const flow_runs = {
      deployment_id: { any_: [...this.#deployments.keys()] },
      state: { type: { any_: types } },
    }
    for (let offset = 0; ; offset += page) {
      const runs = await this.#runtime.api.filterFlowRuns({ body: { flow_runs, sort, offset, limit: page } })
      yield* runs
      if (runs.length < page) return
    }
  }

  /** Runs that an earlier process on this machine left behind. */
  async #takeUpOwn(): Promise<void> {
    const left: FlowRun[] = []
    // All are found before the first goes on, and moves the others to other pages.
    const begun: StateType[] = ['PENDING', 'RUNNING', 'CANCELLING']
    for await (const run of this.#runs(begun, 'EXPECTED_START_TIME_ASC', PAGE))
      if (isGone(run.infrastructure_pid ?? run.state?.message ?? '')) left.push(run)
    for (const run of left) {
      log.info(`Flow run '${run.name}' was left by a process that is gone; it goes on here`)
      void this.#limiter.acquire().then((slot) => this.#begin(run, slot, true))
    }
  }

  #begin(run: FlowRun, slot: Slot, isOurs: boolean): void {
    const { stop, leave } = this.#options
    const deployment = this.#deployments.get(run.deployment_id ?? '')
    if (!deployment || leave.stopped) return slot.release()
    const running = carryOut({ run, isOurs, deployment, runtime: this.#runtime, stop: stop.inner().stop })
      .catch((error: unknown) => {
        log.error(`Flow run '${run.name}' cannot go on: ${describeError(error)}`)
        return false
      })
      .then((taken) => {
        this.#active.delete(run.id)
        const { clock } = this.#runtime
        if (!taken) this.#heldOff.set(run.id, clock.now() + this.#pollSeconds * 1000)
        slot.release()
      })
    this.#active.set(run.id, running)
  }

  async #finish(): Promise<void> {
    const { graceSeconds = 30, stop, leave } = this.#options
    leave.stop(new Error('Serving ended'))
    if (this.#active.size > 0) log.info(`Finishing ${this.#active.size} flow runs before serving ends`)
    const late = () => stop.stop(new InterruptedRun('the order to stop'))
    const patience = this.#runtime.clock.after(graceSeconds * 1000, late, 'timeout')
    while (this.#active.size > 0) await Promise.all(this.#active.values())
    patience.cancel()
  }
}

/** Looks are so many times rarer while the server tells of events. */
const LIVE_FACTOR = 6

/** When the run may be begun here, in milliseconds. */
function dueAt({ state_name, next_scheduled_start_time: at }: FlowRun): number {
  const due = at === null ? 0 : Date.parse(at)
  return state_name === 'AwaitingRetry' ? due + RETRY_GRACE_MS : due
}
