import { type Clock, systemClock, type WaitKind } from './clock.ts'

/** Resolves after so many seconds; rejects with the signal's reason when it aborts first. */
export function sleepSeconds(
  seconds: number,
  signal?: AbortSignal,
  clock: Clock = systemClock,
  kind: WaitKind = 'wake',
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      timer.cancel()
      reject(signal?.reason)
    }
    const over = () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const timer = clock.after(seconds * 1000, over, kind)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Resolves when the server's time stamp has come. With `since`, the server's time of a moment that is over, the wait
 * is no longer than from then: a clock that is behind the server's does not lengthen it. Who comes too early, by one
 * that is ahead, is told by the server to wait.
 */
export function sleepUntil(
  timestamp: string | null | undefined,
  signal?: AbortSignal,
  clock: Clock = systemClock,
  since?: string,
): Promise<void> {
  if (!timestamp) return sleepSeconds(0, signal, clock)
  const end = Date.parse(timestamp)
  const most = since === undefined ? Infinity : end - Date.parse(since)
  return sleepSeconds(Math.max(0, Math.min(end - clock.now(), most)) / 1000, signal, clock)
}
