import { Future } from './future.ts'

/** A value that goes to every run of a `map` as it is, even if it is an iterable. */
export class Unmapped<T> {
  readonly value: T

  constructor(value: T) {
    this.value = value
  }
}

/**
 * Passes the value to every run of a `map` as it is.
 * @example resize.map(images, unmapped([640, 480]))
 */
export function unmapped<T>(value: T): Unmapped<T> {
  return new Unmapped(value)
}

/** The arguments of each run. Throws when no argument is an iterable, or when their lengths differ. */
export function mapArguments(args: readonly unknown[]): unknown[][] {
  const columns = args.map((arg) => (isMapped(arg) ? [...arg] : undefined))
  const lengths = new Set(columns.flatMap((column) => (column ? [column.length] : [])))
  const future = args.find((arg) => arg instanceof Future)
  if (lengths.size === 0 && future)
    throw new TypeError(`map has to know how many runs to start: await ${future.label} first, then map`)
  const stream = args.findIndex(isStream)
  if (lengths.size === 0 && stream >= 0)
    throw new TypeError(
      `map has to know how many runs to start: argument ${stream} is a stream; collect it first, with ` +
        'await Array.fromAsync(stream)',
    )
  if (lengths.size === 0)
    throw new TypeError('map needs at least one iterable argument; use submit for a single run')
  if (lengths.size > 1) {
    const seen = columns.map((column, i) => (column ? `argument ${i}: ${column.length}` : '')).filter(Boolean)
    throw new TypeError(`map needs iterables of the same length; got ${seen.join(', ')}`)
  }
  const [length = 0] = lengths
  const constants = args.map((arg) => (arg instanceof Unmapped ? arg.value : arg))
  return Array.from({ length }, (_, row) => columns.map((column, i) => (column ? column[row] : constants[i])))
}

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Texts and binary data are iterable, but nobody maps over their letters. */
function isMapped(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.iterator in value && !ArrayBuffer.isView(value)
}
