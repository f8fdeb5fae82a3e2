import { describe, expect, it } from 'vitest'
import { clampedPoisson } from './clamped-poisson.ts'
import { taskRetryDelay } from './task-retry-delay.ts'

describe('the delay before the next attempt', () => {
  it.each([
    [null, 1, 0],
    [5, 1, 5],
    [0.5, 3, 0.5],
    [[1, 10, 100], 1, 1],
    [[1, 10, 100], 2, 10],
    [[1, 10, 100], 3, 100],
    [[1, 10, 100], 9, 100],
    [[1, 10, 100], 0, 1],
    [[], 1, 0],
  ])('of %j after %d attempts is %d', (retry_delay, attempts, expected) => {
    const policy = { retries: 9, retry_delay, retry_jitter_factor: null }
    expect(taskRetryDelay(policy, attempts, 0.5)).toBe(expected)
  })

  it('is spread by the jitter factor', () => {
    const policy = { retries: 9, retry_delay: 10, retry_jitter_factor: 1 }
    expect(taskRetryDelay(policy, 1, 0.25)).toBe(clampedPoisson(10, 0.25, 1))
  })

  it('is nothing, jitter or not, when there is none', () => {
    expect(taskRetryDelay({ retries: 9, retry_delay: 0, retry_jitter_factor: 1 }, 1, 0.5)).toBe(0)
  })
})
