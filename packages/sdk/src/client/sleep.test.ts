import { expect, test } from 'vitest'
import type { Clock } from './clock.ts'
import { sleepUntil } from './sleep.ts'

const NOON = Date.parse('2026-01-31T12:00:00Z')

/** A clock that shows this time, and the waits that it was asked for, in milliseconds. */
function clockAt(now: number): { clock: Clock; waits: number[] } {
  const waits: number[] = []
  const clock: Clock = {
    now: () => now,
    after(milliseconds, fn) {
      waits.push(milliseconds)
      fn()
      return { cancel() {}, unref() {} }
    },
  }
  return { clock, waits }
}

test.each([
  ['on time', NOON, 60_000],
  ['an hour behind the server', NOON - 3_600_000, 60_000],
  ['half way through the wait', NOON + 30_000, 30_000],
  ['an hour ahead', NOON + 3_600_000, 0],
])('a wait of a minute from noon on, by a clock that is %s', async (_, now, expected) => {
  const { clock, waits } = clockAt(now)
  await sleepUntil('2026-01-31T12:01:00Z', undefined, clock, '2026-01-31T12:00:00Z')
  expect(waits).toEqual([expected])
})
