import { currentClock } from './current-clock.ts'
import { TimeoutError } from './errors.ts'
import { Stop } from './stop.ts'

/** How a function ended, as far as its run is concerned. */
export type Ending<R> =
  | { kind: 'returned'; value: R }
  | { kind: 'threw'; error: unknown }
  | { kind: 'timed-out'; error: TimeoutError }
  | { kind: 'stopped'; reason: unknown }

export interface BodyLimits {
  timeoutSeconds: number | undefined
  /** Of the run around it. */
  outer: Stop
  /** Seconds that a stopped function gets to end by itself. */
  graceSeconds: number
}

/**
 * Runs the function until it ends, its time is over or it is stopped from outside. Stopping is cooperative:
 * the function is told through its signal, and left behind when it does not listen.
 */
export async function runBody<R>(fn: (stop: Stop) => R | Promise<R>, limits: BodyLimits): Promise<Ending<R>> {
  const { timeoutSeconds, outer } = limits
  if (outer.stopped) return { kind: 'stopped', reason: outer.reason }
  if (timeoutSeconds === undefined) return runUntilStopped(fn, outer, limits.graceSeconds)
  const { stop, letGo } = outer.inner()
  const late = new TimeoutError(timeoutSeconds)
  const timer = currentClock().after(timeoutSeconds * 1000, () => stop.stop(late), 'timeout')
  try {
    const ending = await runUntilStopped(fn, stop, limits.graceSeconds, late)
    return stop.reason === late && ending.kind === 'stopped' ? { kind: 'timed-out', error: late } : ending
  } finally {
    timer.cancel()
    letGo()
  }
}

async function runUntilStopped<R>(
  fn: (stop: Stop) => R | Promise<R>,
  stop: Stop,
  graceSeconds: number,
  /** The reason for which no grace is given. */
  late?: TimeoutError,
): Promise<Ending<R>> {
  const stopped = Promise.withResolvers<undefined>()
  const unlisten = stop.onStop(() => stopped.resolve(undefined))
  try {
    const running = settle(fn, stop)
    const ending = await Promise.race([running, stopped.promise])
    if (ending && !(ending.kind === 'threw' && stop.stopped)) return ending
    const { reason } = stop
    if (!ending && reason !== late) await within(running, graceSeconds)
    return { kind: 'stopped', reason }
  } finally {
    unlisten()
  }
}

async function settle<R>(fn: (stop: Stop) => R | Promise<R>, stop: Stop): Promise<Ending<R>> {
  try {
    return { kind: 'returned', value: await fn(stop) }
  } catch (error) {
    return { kind: 'threw', error }
  }
}

async function within(promise: Promise<unknown>, seconds: number): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = currentClock().after(seconds * 1000, late.resolve, 'timeout')
  await Promise.race([promise, late.promise])
  timer.cancel()
}
