import type { Clock } from './clock.ts'

/** Aborts with a TimeoutError after so many seconds by the clock, or as soon as the other signal does. */
export function timeLimit(
  clock: Clock,
  seconds: number | undefined,
  other: AbortSignal | undefined,
): { signal: AbortSignal | undefined; end: () => void } {
  if (seconds === undefined) return { signal: other, end() {} }
  const limit = new AbortController()
  const late = () =>
    limit.abort(new DOMException(`The timeout of ${seconds} seconds is over`, 'TimeoutError'))
  const timer = clock.after(seconds * 1000, late, 'timeout')
  const signal = other ? AbortSignal.any([other, limit.signal]) : limit.signal
  return { signal, end: () => timer.cancel() }
}
