/** Resolves after so many seconds; rejects with the signal's reason when it aborts first. */
export function sleepSeconds(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      },
      Math.min(seconds * 1000, MAX_TIMER_MS),
    )
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Longer timers overflow and would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Resolves when the server's time stamp has come. */
export function sleepUntil(timestamp: string | null | undefined, signal?: AbortSignal): Promise<void> {
  const seconds = timestamp ? (Date.parse(timestamp) - Date.now()) / 1000 : 0
  return sleepSeconds(Math.max(0, seconds), signal)
}
