import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, Timer, WaitKind } from '../client/clock.ts'

interface Wait {
  at: number
  fn: () => void
  kind: WaitKind
  /** For polls: the number of changes when it began to wait. */
  seen: number
}

const TIMED: readonly WaitKind[] = ['wake', 'timeout', 'upkeep']

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  readonly #waits = new Set<Wait>()
  #now: number
  /** Counts what polls may want to see. */
  #changes = 0
  whileWaiting?: <T>(promise: Promise<T>) => Promise<T>

  /** Milliseconds since 1970. */
  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  after(milliseconds: number, fn: () => void, kind: WaitKind): Timer {
    const at = this.#now + Math.max(0, milliseconds)
    const wait = { at, fn: AsyncLocalStorage.bind(fn), kind, seen: this.#changes }
    this.#waits.add(wait)
    return { cancel: () => void this.#waits.delete(wait), unref() {} }
  }

  /** When the first wait of these kinds is over; Infinity without any. */
  firstOf(kinds: readonly WaitKind[] = TIMED): number {
    return this.#first(kinds)?.at ?? Infinity
  }

  moveTo(milliseconds: number): void {
    this.#now = Math.max(this.#now, milliseconds)
  }

  /** Ends all waits that are over by now, in their order; false when there were none. Polls and batches are no matter of time. */
  fire(): boolean {
    let fired = false
    for (let wait = this.#first(TIMED); wait && wait.at <= this.#now; wait = this.#first(TIMED)) {
      this.#waits.delete(wait)
      this.noteChange()
      wait.fn()
      fired = true
    }
    return fired
  }

  /** Says that something happened which polls may see. */
  noteChange(): void {
    this.#changes++
  }

  /** Ends what waits for no moment of its own: batches, and the polls that have waited through a change. */
  fireUntimed(): boolean {
    const due = [...this.#waits].filter(
      ({ kind, seen }) => kind === 'batch' || (kind === 'poll' && seen < this.#changes),
    )
    for (const wait of due) {
      this.#waits.delete(wait)
      wait.fn()
    }
    return due.length > 0
  }

  #first(kinds: readonly WaitKind[]): Wait | undefined {
    let first: Wait | undefined
    for (const wait of this.#waits)
      if (kinds.includes(wait.kind) && (!first || wait.at < first.at)) first = wait
    return first
  }
}
