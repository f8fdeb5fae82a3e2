/** Seconds, or a text such as `'90 seconds'`, `'7 days'`, `'1h 30m'`, `'500ms'`. */
export type Duration = number | string

const SECONDS: { readonly [unit: string]: number } = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
}

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)/gi
const WHOLE = /^\s*(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+$/i

/** The duration in seconds. Throws RangeError for what is no duration. */
export function durationSeconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
  } else if (WHOLE.test(duration)) {
    let total = 0
    for (const [, amount, unit = ''] of duration.matchAll(PART)) {
      const name = unit.toLowerCase()
      const seconds = SECONDS[name] ?? SECONDS[name.replace(/s$/, '')]
      if (seconds === undefined) throw notADuration(duration)
      total += Number(amount) * seconds
    }
    return total
  }
  throw notADuration(duration)
}

function notADuration(given: Duration): RangeError {
  const shown = typeof given === 'string' ? `'${given}'` : String(given)
  return new RangeError(`Not a duration: ${shown}; write seconds, or '90s', '1h 30m', '7 days'`)
}
