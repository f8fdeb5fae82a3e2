/**
 * A random interval, exponentially distributed around `average` but held near it: at most
 * `1 + factor` times the average, and cut below so that the mean stays about where it was. For the
 * default factor it lies within 0.75 to 1.3 averages.
 * `uniform` is a draw from [0, 1); an average or factor of zero or less gives 0 or the average.
 */
export function clampedPoisson(average: number, uniform: number, factor = 0.3): number {
  if (!(average > 0)) return 0
  if (!(factor > 0)) return average
  const upper = 1 + factor
  const lower = lowerMultiple(upper)
  const from = -Math.expm1(-lower)
  const to = -Math.expm1(-upper)
  const mass = from + (to - from) * uniform
  return -Math.log(Math.max(1 - mass, 1e-10)) * average
}

/** Beyond this multiple the lower bound is nothing, and powers of two would overflow. */
const UNBOUNDED = 50

function lowerMultiple(upper: number): number {
  if (upper >= UNBOUNDED) return 0
  const power = 2 ** upper
  return Math.log2(power / (power - 1))
}
