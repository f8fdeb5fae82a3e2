/** Microseconds since 1970-01-01T00:00:00Z. A double holds them exactly from the year 1684 to 2255. */
export type Timestamp = number

const LATEST: Timestamp = Number.MAX_SAFE_INTEGER

const ISO =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[Tt ](\d\d)(?:(:?)(\d\d)(?:\6(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * Reads an ISO 8601 date or date-time, extended or basic; a text without offset is UTC, a date alone is midnight UTC.
 * Digits beyond microseconds are cut. Returns undefined for anything that is not a real instant; an instant
 * that no Timestamp can hold is moved to the nearest that one can.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, , month, day, hour, , minute, second, fraction, zone] = match
  const fields = [Number(year), Number(month) - 1, Number(day)] as const
  const date = new Date(0)
  date.setUTCFullYear(...fields)
  if (date.getUTCMonth() !== fields[1] || date.getUTCDate() !== fields[2]) return undefined
  const h = Number(hour ?? 0)
  const m = Number(minute ?? 0)
  const s = Number(second ?? 0)
  if (h > 23 || m > 59 || s > 59) return undefined
  const offset = offsetMinutes(zone)
  if (offset === undefined) return undefined
  const micros = Number((fraction ?? '').slice(0, 6).padEnd(6, '0'))
  const seconds = date.getTime() / 1000 + h * 3600 + (m - offset) * 60 + s
  return Math.max(-LATEST, Math.min(seconds * 1_000_000 + micros, LATEST))
}

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

const SECOND = 1_000_000
const DAY = 86_400 * SECOND
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
/** The date that was written last: mostly it is the next one too, and it is most of the work. */
let latestDay = Number.NaN
let latestDate = ''

/** Writes UTC with `Z`; the fraction is there only when it is not zero, and then with six digits. */
export function formatTimestamp(timestamp: Timestamp): string {
  const day = Math.floor(timestamp / DAY)
  if (day !== latestDay) {
    latestDate = new Date((day * DAY) / 1000).toISOString().slice(0, -'00:00:00.000Z'.length)
    latestDay = day
  }
  const micros = timestamp - day * DAY
  const seconds = Math.floor(micros / SECOND)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const time = `${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}`
  const fraction = micros - seconds * SECOND
  if (fraction === 0) return `${latestDate}${time}Z`
  return `${latestDate}${time}.${String(fraction).padStart(6, '0')}Z`
}
