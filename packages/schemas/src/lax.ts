import { parseTimestamp, type Timestamp } from './time.ts'
import { Refusal } from './scalar.ts'

/** Bounds of a number: ge/le include the bound, gt does not. */
export interface Bounds {
  ge?: number
  gt?: number
  le?: number
}

const INTEGER_TEXT = /^\s*[+-]?\d+(?:_\d+)*(?:\.0*)?\s*$/

/** Reads a whole number; `"5"`, `5.0` and `true` count. */
export function readInt(value: unknown): number | Refusal {
  if (typeof value === 'number') return wholeNumber(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return new Refusal('int_type', 'Input should be a valid integer')
  if (INTEGER_TEXT.test(value)) return wholeNumber(Number(value.replaceAll('_', '')))
  return new Refusal('int_parsing', 'Input should be a valid integer, unable to parse string as an integer')
}

function wholeNumber(value: number): number | Refusal {
  if (Number.isSafeInteger(value)) return value
  if (!Number.isFinite(value)) return new Refusal('finite_number', 'Input should be a finite number')
  return Number.isInteger(value)
    ? new Refusal('int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size')
    : new Refusal('int_from_float', 'Input should be a valid integer, got a number with a fractional part')
}

/** Reads a finite number; `"1.5"` and `true` count. */
export function readFloat(value: unknown): number | Refusal {
  if (typeof value === 'number') return finite(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return new Refusal('float_type', 'Input should be a valid number')
  const text = value.trim().replaceAll('_', '')
  const number = text === '' ? Number.NaN : Number(text)
  if (!Number.isNaN(number) && !/^[+-]?0[box]/i.test(text)) return finite(number)
  return new Refusal('float_parsing', 'Input should be a valid number, unable to parse string as a number')
}

function finite(value: number): number | Refusal {
  return Number.isFinite(value) ? value : new Refusal('finite_number', 'Input should be a finite number')
}

/** Wraps a number reader with bounds. */
export function bounded(
  read: (value: unknown) => number | Refusal,
  { ge, gt, le }: Bounds,
): (value: unknown) => number | Refusal {
  return (value) => {
    const number = read(value)
    if (number instanceof Refusal) return number
    if (ge !== undefined && number < ge)
      return new Refusal('greater_than_equal', `Input should be greater than or equal to ${ge}`, { ge })
    if (gt !== undefined && number <= gt)
      return new Refusal('greater_than', `Input should be greater than ${gt}`, { gt })
    if (le !== undefined && number > le)
      return new Refusal('less_than_equal', `Input should be less than or equal to ${le}`, { le })
    return number
  }
}

const TRUE_TEXTS: ReadonlySet<string> = new Set(['1', 'true', 't', 'yes', 'y', 'on'])
const FALSE_TEXTS: ReadonlySet<string> = new Set(['0', 'false', 'f', 'no', 'n', 'off'])

/** Reads a boolean; 1, 0 and the usual words in any case count. */
export function readBool(value: unknown): boolean | Refusal {
  if (typeof value === 'boolean') return value
  if (value === 1) return true
  if (value === 0) return false
  if (typeof value === 'string') {
    const text = value.toLowerCase()
    if (TRUE_TEXTS.has(text)) return true
    if (FALSE_TEXTS.has(text)) return false
  }
  if (typeof value === 'string' || Number.isInteger(value))
    return new Refusal('bool_parsing', 'Input should be a valid boolean, unable to interpret input')
  return new Refusal('bool_type', 'Input should be a valid boolean')
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const UUID_DIGITS = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** Reads a UUID in any of its spellings (hyphens or none, `{}`, `urn:uuid:`, any case) as lower-case hyphenated. */
export function readUuid(value: unknown): string | Refusal {
  if (typeof value !== 'string')
    return new Refusal('uuid_type', 'UUID input should be a string, bytes or UUID object')
  if (CANONICAL_UUID.test(value)) return value
  const text = value.toLowerCase()
  const bare = text.startsWith('urn:uuid:') ? text.slice(9) : /^\{.*\}$/.test(text) ? text.slice(1, -1) : text
  if (CANONICAL_UUID.test(bare)) return bare
  const groups = bare === text ? UUID_DIGITS.exec(text) : null
  if (groups) return groups.slice(1).join('-')
  const error = 'expected 32 hexadecimal digits, in groups of 8, 4, 4, 4 and 12 when hyphenated'
  return new Refusal('uuid_parsing', `Input should be a valid UUID, ${error}`, { error })
}

// Epoch numbers beyond this are milliseconds, as the reference reads them.
const MAX_EPOCH_SECONDS = 2e10
const FIRST_INSTANT = parseTimestamp('0001-01-01')!
const LAST_INSTANT = parseTimestamp('9999-12-31T23:59:59.999999')!

/** Reads ISO text, or seconds or milliseconds since 1970 (as a number or digits), as microseconds. */
export function readTimestamp(value: unknown): Timestamp | Refusal {
  const timestamp =
    typeof value === 'string'
      ? (parseTimestamp(value) ?? (/^[+-]?\d+(?:\.\d+)?$/.test(value) ? fromEpoch(Number(value)) : undefined))
      : typeof value === 'number'
        ? fromEpoch(value)
        : undefined
  if (timestamp !== undefined && timestamp >= FIRST_INSTANT && timestamp <= LAST_INSTANT) return timestamp
  return typeof value === 'string'
    ? new Refusal('value_error', `Value error, Unable to parse string [${value}]`, { error: {} })
    : new Refusal('value_error', 'value is not a valid datetime')
}

function fromEpoch(number: number): Timestamp {
  const seconds = Math.abs(number) > MAX_EPOCH_SECONDS ? number / 1000 : number
  return Math.round(seconds * 1_000_000)
}

const ISO_DURATION =
  /^([+-])?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const CLOCK_DURATION = /^([+-])?(?:(\d+) ?d(?:ays?)?,? ?)?(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?$/i

/** Reads seconds: a number, digits, ISO 8601 (`PT1M`) or a clock (`1 day, 00:01:00`). */
export function readDuration(value: unknown): number | Refusal {
  if (typeof value === 'string') {
    const iso = ISO_DURATION.exec(value)
    if (iso && value.length > 2) return signed(iso[1], [604_800, 86_400, 3600, 60, 1], iso.slice(2))
    const clock = CLOCK_DURATION.exec(value)
    if (clock) return signed(clock[1], [86_400, 3600, 60, 1], clock.slice(2))
  }
  const number = readFloat(value)
  if (!(number instanceof Refusal)) return number
  return typeof value === 'string'
    ? new Refusal('time_delta_parsing', 'Input should be a valid timedelta, invalid digit in duration')
    : new Refusal('time_delta_type', 'Input should be a valid timedelta')
}

function signed(sign: string | undefined, weights: number[], parts: (string | undefined)[]): number {
  const seconds = weights.reduce((sum, weight, index) => sum + weight * Number(parts[index] ?? 0), 0)
  return sign === '-' ? -seconds : seconds
}
