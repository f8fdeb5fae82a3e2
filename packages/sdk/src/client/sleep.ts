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

/** Resolves when the server's time stamp has come. */
export function sleepUntil(
  timestamp: string | null | undefined,
  signal?: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const seconds = timestamp ? (Date.parse(timestamp) - clock.now()) / 1000 : 0
  return sleepSeconds(Math.max(0, seconds), signal, clock)
}
