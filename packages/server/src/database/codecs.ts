import type { ColumnKind } from './columns.ts'
import { TABLES } from './tables.ts'

export type Dialect = 'sqlite' | 'postgres'
export type Encoder = (value: unknown) => unknown
export type Decoder = (value: unknown) => unknown

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** 16 bytes to the lower-case hyphenated text. */
export function uuidText(b: Uint8Array): string {
  const h = (index: number) => HEX[b[index] as number] as string
  return (
    h(0) +
    h(1) +
    h(2) +
    h(3) +
    '-' +
    h(4) +
    h(5) +
    '-' +
    h(6) +
    h(7) +
    '-' +
    h(8) +
    h(9) +
    '-' +
    h(10) +
    h(11) +
    h(12) +
    h(13) +
    h(14) +
    h(15)
  )
}

const HYPHEN = 45
const DIGITS = new Int8Array(128)
for (const digit of '0123456789abcdef') {
  DIGITS[digit.charCodeAt(0)] = Number.parseInt(digit, 16)
  DIGITS[digit.toUpperCase().charCodeAt(0)] = Number.parseInt(digit, 16)
}

/** By hand: `Buffer.from(text, 'hex')` without the hyphens takes ten times as long. */
export function uuidBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  let at = 0
  for (let index = 0; index < 16; index++) {
    if (text.charCodeAt(at) === HYPHEN) at++
    bytes[index] =
      ((DIGITS[text.charCodeAt(at)] as number) << 4) | (DIGITS[text.charCodeAt(at + 1)] as number)
    at += 2
  }
  return bytes
}

/** Columns that are stored as NULL when they hold this value, to keep rows small; read back as it. */
const EMPTY: { [column: string]: () => unknown } = {
  tags: () => [],
  capabilities: () => [],
  labels: () => ({}),
  empirical_policy: () => ({}),
  state_details: () => ({}),
  task_inputs: () => ({}),
  parameters: () => ({}),
  context: () => ({}),
  payload: () => ({}),
  related: () => [],
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  for (const key in value as object) if (key !== undefined) return false
  return true
}

function encodeJson(name: string): Encoder {
  return name in EMPTY
    ? (value) => (value === null || value === undefined || isEmpty(value) ? null : JSON.stringify(value))
    : (value) => (value === null || value === undefined ? null : JSON.stringify(value))
}

const KINDS = new Map<string, ColumnKind>()
for (const columns of Object.values(TABLES)) {
  for (const [name, { kind }] of Object.entries(columns)) {
    const known = KINDS.get(name)
    if (known && known !== kind) throw new Error(`Column ${name} is both ${known} and ${kind}`)
    KINDS.set(name, kind)
  }
}

export function columnKind(name: string): ColumnKind | undefined {
  return KINDS.get(name)
}

const NOTHING = Symbol()

function memoized<T>(make: (name: string) => T | undefined): (name: string) => T | undefined {
  const cache = new Map<string, T | typeof NOTHING>()
  return (name) => {
    let found = cache.get(name)
    if (found === undefined) cache.set(name, (found = make(name) ?? NOTHING))
    return found === NOTHING ? undefined : found
  }
}

const sqliteEncoder = memoized<Encoder>((name) => {
  switch (KINDS.get(name)) {
    case 'uuid':
      return (value) => (typeof value === 'string' ? uuidBytes(value) : value)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? Number(value) : value)
    case 'json':
      return encodeJson(name)
    default:
      return undefined
  }
})

const postgresEncoder = memoized<Encoder>((name) =>
  KINDS.get(name) === 'json' ? encodeJson(name) : undefined,
)

/** How a value of this column is bound as a parameter; undefined when it is bound as it is. */
export function encoder(dialect: Dialect, name: string): Encoder | undefined {
  return dialect === 'sqlite' ? sqliteEncoder(name) : postgresEncoder(name)
}

function decodeEmpty(name: string, parse: Decoder): Decoder {
  const empty = EMPTY[name]
  return empty
    ? (value) => (value === null ? empty() : parse(value))
    : (value) => (value === null ? null : parse(value))
}

const sqliteDecoder = memoized<Decoder>((name) => {
  switch (KINDS.get(name)) {
    case 'uuid':
      return (value) => (value === null ? null : uuidText(value as Uint8Array))
    case 'boolean':
      return (value) => (value === null ? null : value === 1)
    case 'json':
      return decodeEmpty(name, (value) => JSON.parse(value as string))
    default:
      return undefined
  }
})

const postgresDecoder = memoized<Decoder>((name) =>
  KINDS.get(name) === 'json' ? decodeEmpty(name, (value) => JSON.parse(value as string)) : undefined,
)

/**
 * How a result column of this name becomes a value. A column of a joined table is selected as
 * `prefix__name` and decoded as `name`; a name that no table has is left as the driver gives it.
 */
export function decoder(dialect: Dialect, name: string): Decoder | undefined {
  const at = name.lastIndexOf('__')
  const column = at > 0 ? name.slice(at + 2) : name
  return dialect === 'sqlite' ? sqliteDecoder(column) : postgresDecoder(column)
}
