/**
 * What a wait is for, which a clock with virtual time goes by:
 * - `wake`: something goes on when it is over (a delay, a sleep); such time may be skipped.
 * - `timeout`: something ends unless it is done by then.
 * - `upkeep`: has to happen as time passes, but nothing waits for it (renewing a lease).
 * - `poll`: a look at whether something has changed.
 * - `batch`: something waits for company, and may go at any time.
 */
export type WaitKind = 'wake' | 'timeout' | 'upkeep' | 'poll' | 'batch'

/** Where the time comes from and all waits go to, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `fn` once after so many milliseconds. */
  after(milliseconds: number, fn: () => void, kind: WaitKind): Timer
  /** Told of what code outside of runs waits for; gives the same outcome. */
  whileWaiting?<T>(promise: Promise<T>): Promise<T>
}

export interface Timer {
  cancel(): void
  /** Lets the process end meanwhile. */
  unref(): void
}

/** Longer timers overflow and would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, fn) {
    let timer: ReturnType<typeof setTimeout>
    let background = false
    const wait = (left: number) => {
      const part = Math.min(left, MAX_TIMER_MS)
      timer = setTimeout(() => (part < left ? wait(left - part) : fn()), part)
      if (background) timer.unref?.()
    }
    wait(milliseconds)
    return {
      cancel: () => clearTimeout(timer),
      unref() {
        background = true
        timer.unref?.()
      },
    }
  },
}

/**
 * Calls `fn` again and again, each time so many milliseconds after the last, until the returned function is
 * called. Does not keep the process from ending.
 */
export function every(clock: Clock, milliseconds: number, fn: () => void, kind: WaitKind): () => void {
  let timer: Timer
  const next = () => {
    const turn = () => {
      next()
      fn()
    }
    timer = clock.after(milliseconds, turn, kind)
    timer.unref()
  }
  next()
  return () => timer.cancel()
}
