import type { Clock } from './clock.ts'
import { sleepSeconds } from './sleep.ts'

/**
 * Resolves when it is time to look again, after `wait` seconds or when somebody has `rung`, or when the time is
 * over, in `left` seconds. Rejects when it is stopped.
 */
export async function untilLook(
  clock: Clock,
  { wait, left, rung }: { wait: number; left: number; rung?: Promise<void> },
  stopped?: AbortSignal,
): Promise<void> {
  const first = new AbortController()
  const signal = stopped ? AbortSignal.any([stopped, first.signal]) : first.signal
  const waits = [sleepSeconds(wait, signal, clock, 'poll')]
  if (rung) waits.push(rung)
  if (left !== Number.POSITIVE_INFINITY) waits.push(sleepSeconds(left, signal, clock, 'timeout'))
  await Promise.race(waits).finally(() => first.abort())
}
