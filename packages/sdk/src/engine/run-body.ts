import { TimeoutError } from './errors.ts'

/** How a function ended, as far as its run is concerned. */
export type Ending<R> =
  | { kind: 'returned'; value: R }
  | { kind: 'threw'; error: unknown }
  | { kind: 'timed-out'; error: TimeoutError }
  | { kind: 'stopped'; reason: unknown }

export interface BodyLimits {
  timeoutSeconds: number | undefined
  /** The signal of what is around it; when it aborts the function is to stop. */
  outer: AbortSignal | undefined
  /** Seconds that a stopped function gets to end by itself. */
  graceSeconds: number
}

/**
 * Runs the function until it ends, its time is over or the outer signal aborts. Stopping is cooperative: the
 * function is told through its signal, and left behind when it does not listen.
 */
export async function runBody<R>(fn: (signal: AbortSignal) => R | Promise<R>, limits: BodyLimits): Promise<Ending<R>> {
  const { timeoutSeconds, outer } = limits
  if (outer?.aborted) return { kind: 'stopped', reason: outer.reason }
  const controller = timeoutSeconds === undefined && outer ? undefined : new AbortController()
  const stopped = Promise.withResolvers<Ending<R>>()
  const stop = () => {
    controller?.abort(outer!.reason)
    stopped.resolve({ kind: 'stopped', reason: outer!.reason })
  }
  outer?.addEventListener('abort', stop, { once: true })
  const timer =
    timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          const error = new TimeoutError(timeoutSeconds)
          controller!.abort(error)
          stopped.resolve({ kind: 'timed-out', error })
        }, timeoutSeconds * 1000)
  try {
    const ending = settle(() => fn(controller?.signal ?? outer!))
    const first = await Promise.race([ending, stopped.promise])
    if (first.kind === 'stopped') await within(ending, limits.graceSeconds)
    return first.kind === 'threw' && outer?.aborted ? { kind: 'stopped', reason: outer.reason } : first
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', stop)
  }
}

async function settle<R>(fn: () => R | Promise<R>): Promise<Ending<R>> {
  try {
    return { kind: 'returned', value: await fn() }
  } catch (error) {
    return { kind: 'threw', error }
  }
}

async function within(promise: Promise<unknown>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, seconds * 1000)))
  await Promise.race([promise, late])
  clearTimeout(timer)
}
