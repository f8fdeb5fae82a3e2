const UNITS = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const

type Unit = keyof typeof UNITS

/** Seconds as a number, or words: `'90 seconds'`, `'1 hour'`, `'7 days'`. */
export type Duration = number | `${number} ${Unit | `${Unit}s`}`

/** In milliseconds. Throws on anything else. */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number') return checked(duration * 1000, duration)
  const [amount, unit = ''] = duration.split(' ')
  const factor = UNITS[unit.replace(/s$/, '') as Unit] as number | undefined
  return checked(Number(amount) * (factor ?? Number.NaN), duration)
}

function checked(milliseconds: number, given: Duration): number {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds
  throw new RangeError(
    `A duration is a number of seconds, or text such as '90 seconds' or '7 days'; got ${given}`,
  )
}
