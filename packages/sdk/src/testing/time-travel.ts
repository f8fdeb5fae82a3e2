import { systemClock } from '../client/clock.ts'
import { sleepSeconds } from '../client/sleep.ts'
import type { CountedServer } from './counted-server.ts'
import { untilQuiet } from './until-quiet.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Real milliseconds for which nothing happens before a timeout that is waited for is let come. */
const PATIENCE_MS = 1000
const LOOK_SECONDS = 0.005
/** Passes of those services, in one move, which cannot tell when they are due. */
const MOST_TICKS = 500

/**
 * Moves the clock that a server and the SDK share. It stops wherever something waits for that moment, and goes
 * on only when all that follows from it has happened.
 */
export class TimeTravel {
  readonly #clock: VirtualClock
  readonly #server: CountedServer
  /** Moves come one after another. */
  #last: Promise<void> = Promise.resolve()
  #awaited = 0
  #skipping: Promise<void> | undefined

  constructor(clock: VirtualClock, server: CountedServer) {
    this.#clock = clock
    this.#server = server
    clock.whileWaiting = (promise) => this.#whileWaiting(promise)
  }

  advance(milliseconds: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#act()
      await this.#moveTo(this.#clock.now() + milliseconds)
    })
  }

  /** Until nothing happens any more without time. */
  settle(): Promise<void> {
    return this.#inTurn(() => this.#act())
  }

  /** Ends the skipping of time for results that nobody will see. */
  async stop(): Promise<void> {
    this.#awaited = Number.NEGATIVE_INFINITY
    await this.#skipping
    await this.#last
  }

  async #whileWaiting<T>(promise: Promise<T>): Promise<T> {
    this.#awaited++
    this.#skipping ??= this.#skipWhileAwaited().finally(() => (this.#skipping = undefined))
    try {
      return await promise
    } finally {
      this.#awaited--
    }
  }

  /** Time goes on as fast as it can as long as a test awaits a result. */
  async #skipWhileAwaited(): Promise<void> {
    let quietSince = systemClock.now()
    let seen = -1
    while (this.#awaited > 0) {
      const moved = await this.#inTurn(() => this.#skip(systemClock.now() - quietSince > PATIENCE_MS))
      if (moved || this.#server.requests !== seen) quietSince = systemClock.now()
      seen = this.#server.requests
      if (!moved) await sleepSeconds(LOOK_SECONDS)
    }
  }

  async #skip(patient: boolean): Promise<boolean> {
    await this.#act()
    if (this.#awaited <= 0) return false
    const wake = this.#clock.firstOf(['wake'])
    const end = Math.min(this.#clock.firstOf(['timeout']), await this.#nextDue())
    const target = wake <= end || !patient ? wake : end
    if (target === Infinity || (target > end && !patient)) return false
    await this.#moveTo(target)
    return true
  }

  async #moveTo(target: number): Promise<void> {
    const tick = Math.max(this.#server.passEvery * 1000, (target - this.#clock.now()) / MOST_TICKS)
    let nextTick = this.#clock.now() + tick
    for (;;) {
      const stop = Math.min(this.#clock.firstOf(), await this.#nextDue(), nextTick)
      if (stop > target) break
      this.#clock.moveTo(stop)
      await this.#act()
      if (stop >= nextTick) nextTick = stop + tick
    }
    this.#clock.moveTo(target)
    await this.#act()
  }

  /** Does all there is to do at this moment. */
  async #act(): Promise<void> {
    for (;;) {
      do await untilQuiet(this.#server)
      while (this.#clock.fireUntimed() || this.#clock.fire())
      if ((await this.#server.passServices()) === 0) return
      this.#clock.noteChange()
    }
  }

  /** What is due by now has had its pass already. */
  async #nextDue(): Promise<number> {
    const due = (await this.#server.nextDue()) ?? Infinity
    return due > this.#clock.now() ? due : Infinity
  }

  #inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(fn)
    this.#last = turn.then(
      () => {},
      () => {},
    )
    return turn
  }
}
