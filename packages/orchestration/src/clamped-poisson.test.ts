import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampedPoisson } from './clamped-poisson.ts'

describe('clampedPoisson', () => {
  it('stays between the lower and the upper multiple of the average', () => {
    const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const average = fc.double({ min: 0.001, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(average, uniform, (average, uniform) => {
        const interval = clampedPoisson(average, uniform)
        expect(interval / average).toBeGreaterThanOrEqual(0.7508)
        expect(interval / average).toBeLessThanOrEqual(1.3 + 1e-9)
      }),
    )
  })

  it.each([
    [10, 0, 0.3, 7.51772],
    [10, 1 - Number.EPSILON, 0.3, 13],
    [10, 0, 1, 4.15037],
    [10, 0, 60, 0],
    [1, 0.5, 0.3, 0.988778],
  ])('of average %d, draw %d and factor %d is %d', (average, uniform, factor, expected) => {
    expect(clampedPoisson(average, uniform, factor)).toBeCloseTo(expected, 4)
  })

  it('is the average on average', () => {
    const draws = Array.from({ length: 1000 }, (_, index) => clampedPoisson(1, (index + 0.5) / 1000))
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    expect(mean).toBeCloseTo(1, 1)
  })

  it('never waits for an average of zero or less', () => {
    expect(clampedPoisson(0, 0.5)).toBe(0)
    expect(clampedPoisson(-1, 0.5)).toBe(0)
  })

  it('does not spread without a factor', () => {
    expect(clampedPoisson(8, 0.9, 0)).toBe(8)
    expect(clampedPoisson(8, 0.9, -1)).toBe(8)
  })
})
