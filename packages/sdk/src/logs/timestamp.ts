import type { Clock } from '../client/clock.ts'

const last = new WeakMap<Clock, number>()

/** The time as ISO 8601 with microseconds, later than all before it by this clock: records keep their order. */
export function nextTimestamp(clock: Clock): string {
  const micros = Math.max((last.get(clock) ?? 0) + 1, Math.floor(clock.now()) * 1000)
  last.set(clock, micros)
  const milliseconds = Math.floor(micros / 1000)
  const rest = String(micros % 1000).padStart(3, '0')
  return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`)
}
