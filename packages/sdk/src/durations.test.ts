import { expect, test } from 'vitest'
import { durationSeconds } from './durations.ts'

test.each([
  [0, 0],
  [1.5, 1.5],
  ['500ms', 0.5],
  ['90 seconds', 90],
  ['1 second', 1],
  ['1h 30m', 5400],
  ['7 days', 604_800],
  ['1.5 min', 90],
  ['2 weeks, 1 day', 1_296_000],
  ['1w 1d 1h 1m 1s 1ms', 694_861.001],
  ['1 week 1 day 1 hour 1 minute 1 second', 694_861],
  ['1 MIN 1 sec', 61],
])('%j is %d seconds', (duration, seconds) => {
  expect(durationSeconds(duration)).toBeCloseTo(seconds, 9)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '', '7', 'soon', '7 moons', '-1 s', '1h x'])(
  '%j is no duration',
  (given) => {
    expect(() => durationSeconds(given)).toThrow(RangeError)
    expect(() => durationSeconds(given)).toThrow(String(given))
  },
)
