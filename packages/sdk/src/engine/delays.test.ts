import { describe, expect, test } from 'vitest'
import { exponentialBackoff, wireDelays, wireFlowDelay } from './delays.ts'

describe('retry delays', () => {
  test('exponentialBackoff doubles up to its maximum', () => {
    const delay = exponentialBackoff(10, { max: 60 })
    expect([1, 2, 3, 4, 5].map(delay)).toEqual([10, 20, 40, 60, 60])
  })

  test('a function becomes one delay for each retry, fifty at most', () => {
    expect(wireDelays((retry) => retry * 2, 3)).toEqual([2, 4, 6])
    expect(wireDelays(() => 1, 80)).toHaveLength(50)
  })

  test('numbers and lists go as they are; without retries there is nothing to say', () => {
    expect(wireDelays(1.5, 2)).toBe(1.5)
    expect(wireDelays([1, 5], 9)).toEqual([1, 5])
    expect(wireDelays(5, 0)).toBeNull()
    expect(wireDelays(undefined, 3)).toBeNull()
  })

  test.each([-1, Number.NaN, Infinity])('%d seconds is refused', (seconds) => {
    expect(() => wireDelays([1, seconds], 2)).toThrow(RangeError)
    expect(() => wireFlowDelay(seconds)).toThrow(RangeError)
  })

  test('flow runs wait whole seconds', () => {
    expect(wireFlowDelay(0.2)).toBe(1)
    expect(wireFlowDelay(undefined)).toBeNull()
  })
})
