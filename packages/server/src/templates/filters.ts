import type { Budget } from './budget.ts'
import { parametersOf } from './arguments.ts'
import { formatted } from './operators.ts'
import { SEQUENCE_FILTERS } from './sequence-filters.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'
import { capitalized, centered, escapedHtml, replaced, titled } from './text.ts'
import {
  either,
  isNumber,
  isTrue,
  jsonOf,
  numeric,
  repr,
  textOf,
  Tuple,
  typeName,
  Undefined,
  wholeNumber,
} from './values.ts'
import type { Given, Value } from './values.ts'

const MOST_PLACES = 50
/** More than a float of ordinary size has. */
const ALL_DIGITS = 100

/** What a filter may use of the rendering that it is part of. */
export interface FilterContext {
  budget: Budget
  /** A member of a value, `a.b` or `0`. */
  attribute(of: Value, path: Value): Value
  filter(name: string, value: Value, given: Given): Value
  test(name: string, value: Value, given: Given): boolean
}

export type FilterFunction = (
  value: Value,
  given: (Value | undefined)[],
  context: FilterContext,
  all: Given,
) => Value

/** Parameters as in `parametersOf`; null takes whatever is given. */
export type FilterEntry = [parameters: readonly string[] | null, apply: FilterFunction]

const ofText = (change: (text: string) => Value): FilterEntry => [[], (value) => change(textOf(value))]
const whole = (value: Value | undefined, fallback: number) =>
  value === undefined || value === null ? fallback : wholeNumber(value)

const TEXT_FILTERS: { [name: string]: FilterEntry } = {
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  capitalize: ofText(capitalized),
  title: ofText(titled),
  string: ofText((text) => text),
  escape: ofText(escapedHtml),
  e: ofText(escapedHtml),
  forceescape: ofText(escapedHtml),
  striptags: ofText((text) =>
    text
      .replaceAll(/<!--.*?-->|<[^>]*>/gs, '')
      .split(/\s+/)
      .filter(Boolean)
      .join(' '),
  ),
  wordcount: ofText((text) => BigInt((text.match(/[\p{L}\p{N}_]+/gu) ?? []).length)),
  safe: [[], (value) => value],
  pprint: [[], (value) => repr(value)],
  trim: [['chars?'], (value, [letters]) => trimmed(textOf(value), letters)],
  center: [
    ['width?'],
    (value, [width], { budget }) => centered(textOf(value), whole(width, 80), ' ', budget),
  ],
  replace: [
    ['old', 'new', 'count?'],
    (value, [old, by, most], { budget }) =>
      replaced(textOf(value), textOf(old ?? null), textOf(by ?? null), whole(most, -1), budget),
  ],
  format: [
    null,
    (value, _given, { budget }, { positional, named }) => {
      if (positional.length > 0 && named.size > 0)
        throw typeError("can't handle positional and keyword arguments at the same time")
      return formatted(textOf(value), named.size > 0 ? new Map(named) : new Tuple(positional), budget)
    },
  ],
  indent: [
    ['width?', 'first?', 'blank?'],
    (value, [width, first, blank], { budget }) => {
      const by = typeof width === 'string' ? width : spaces(whole(width, 4), budget)
      const lines = textOf(value).split('\n')
      budget.make(by.length * lines.length)
      const indented = lines.map((line, index) => {
        const kept = index === 0 ? !isTrue(first ?? false) : line === '' && !isTrue(blank ?? false)
        return kept ? line : by + line
      })
      return indented.join('\n')
    },
  ],
  truncate: [
    ['length?', 'killwords?', 'end?', 'leeway?'],
    (value, [length, killWords, end, leeway]) => {
      const text = textOf(value)
      const ending = textOf(end ?? '...')
      const most = whole(length, 255)
      if (most < ending.length) {
        throw new TemplateRenderError('AssertionError', `expected length >= ${ending.length}, got ${most}`)
      }
      if (text.length <= most + whole(leeway, 5)) return text
      const kept = text.slice(0, most - ending.length)
      const lastSpace = kept.lastIndexOf(' ')
      return (isTrue(killWords ?? false) || lastSpace < 0 ? kept : kept.slice(0, lastSpace)) + ending
    },
  ],
  urlencode: [
    [],
    (value) => {
      if (typeof value === 'string') return quotedUrl(value, '/')
      const pairs = value instanceof Map ? [...value] : []
      return pairs
        .map(([key, item]) => `${quotedUrl(textOf(key), '')}=${quotedUrl(textOf(item), '')}`)
        .join('&')
        .replaceAll('%20', '+')
    },
  ],
  tojson: [
    ['indent?'],
    (value, [indent], { budget }) => {
      if (value instanceof Undefined) throw typeError('Object of type Undefined is not JSON serializable')
      const json = jsonOf(value)
      const spread =
        indent === undefined || indent === null
          ? json
          : JSON.stringify(JSON.parse(json), null, Math.min(10, wholeNumber(indent)))
      const safe = spread.replaceAll(/[<>&']/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
      return budget.text(safe)
    },
  ],
}

const NUMBER_FILTERS: { [name: string]: FilterEntry } = {
  abs: [
    [],
    (value) => {
      const number = requireNumber(value, 'abs()')
      return number < 0 ? -number : number
    },
  ],
  int: [
    ['default?', 'base?'],
    (value, [fallback, base]) => toWhole(value, whole(base, 10)) ?? either(fallback, 0n),
  ],
  float: [
    ['default?'],
    (value, [fallback]) => {
      const number =
        typeof value === 'string' && value.trim() !== ''
          ? Number(value)
          : isNumber(value)
            ? Number(value)
            : Number.NaN
      return Number.isNaN(number) ? either(fallback, 0) : number
    },
  ],
  round: [
    ['precision?', 'method?'],
    (value, [precision, method]) => {
      const number = requireNumber(value, 'round()')
      const places = whole(precision, 0)
      const how = textOf(method ?? 'common')
      if (how === 'common') return typeof number === 'bigint' ? number : halfToEven(number, places)
      const rounding = { ceil: Math.ceil, floor: Math.floor }[how]
      if (!rounding) {
        throw new TemplateRenderError('FilterArgumentError', 'method must be common, ceil or floor')
      }
      return rounding(Number(number) * 10 ** places) / 10 ** places
    },
  ],
  filesizeformat: [
    ['binary?'],
    (value, [binary]) => {
      const base = isTrue(binary ?? false) ? 1024 : 1000
      const suffix = base === 1024 ? 'iB' : 'B'
      const bytes = Number(textOf(value))
      if (bytes === 1) return '1 Byte'
      if (bytes < base) return `${Math.trunc(bytes)} Bytes`
      const power = Math.min(8, Math.floor(Math.log(bytes) / Math.log(base)))
      const prefix = (base === 1024 ? 'KMGTPEZY' : 'kMGTPEZY')[power - 1]
      return `${(bytes / base ** power).toFixed(1)} ${prefix}${suffix}`
    },
  ],
}

const OTHER_FILTERS: { [name: string]: FilterEntry } = {
  default: [
    ['default_value?', 'boolean?'],
    (value, [fallback, boolean]) =>
      value instanceof Undefined || (isTrue(boolean ?? false) && !isTrue(value))
        ? either(fallback, '')
        : value,
  ],
  attr: [['name'], (value, [name], context) => context.attribute(value, either(name, null))],
}

const FILTERS: { [name: string]: FilterEntry } = {
  ...TEXT_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...OTHER_FILTERS,
  d: OTHER_FILTERS['default'] as FilterEntry,
}

/** Puts a value through a filter. */
export function applyFilter(name: string, value: Value, given: Given, context: FilterContext): Value {
  if (!Object.hasOwn(FILTERS, name)) {
    throw new TemplateRenderError('TemplateAssertionError', `No filter named ${repr(name)}.`)
  }
  const [parameters, apply] = FILTERS[name] as FilterEntry
  const result = apply(value, parameters ? parametersOf(`do_${name}`, given, parameters) : [], context, given)
  if (typeof result === 'string') context.budget.make(result.length)
  return result
}

function trimmed(text: string, letters: Value | undefined): string {
  if (typeof letters !== 'string') return text.trim()
  const strips = (letter: string | undefined) => letter !== undefined && letters.includes(letter)
  let [start, end] = [0, text.length]
  while (start < end && strips(text[start])) start++
  while (end > start && strips(text[end - 1])) end--
  return text.slice(start, end)
}

function spaces(count: number, budget: Budget): string {
  budget.make(Math.max(0, count))
  return ' '.repeat(Math.max(0, count))
}

function quotedUrl(text: string, safe: string): string {
  const quoted = encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return safe === '/' ? quoted.replaceAll('%2F', '/') : quoted
}

function requireNumber(value: Value, what: string): bigint | number {
  if (isNumber(value)) return numeric(value)
  if (value instanceof Undefined) value.refuse()
  throw typeError(`bad operand type for ${what}: '${typeName(value)}'`)
}

function toWhole(value: Value, base: number): bigint | undefined {
  if (isNumber(value)) {
    const number = numeric(value)
    return typeof number === 'bigint'
      ? number
      : Number.isFinite(number)
        ? BigInt(Math.trunc(number))
        : undefined
  }
  if (typeof value !== 'string') return undefined
  const text = value.trim().replaceAll('_', '').toLowerCase()
  const prefix = { 2: '0b', 8: '0o', 16: '0x' }[base]
  try {
    if (prefix !== undefined) return BigInt(text.startsWith(prefix) ? text : prefix + text)
    if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace('+', ''))
  } catch {
    return undefined
  }
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined
}

function halfToEven(number: number, places: number): number {
  if (places < 0 || places > MOST_PLACES) {
    const scaled = number * 10 ** places
    return evenIfHalf(Math.round(scaled), Math.abs(scaled % 1) === 0.5) / 10 ** places
  }
  // All digits of a float tell whether it lies just between two: a product is rounded itself.
  const [, fraction = ''] = Math.abs(number).toFixed(ALL_DIGITS).split('.')
  const tie = /^50*$/.test(fraction.slice(places))
  if (!tie || Math.abs(number) > 1e15) return Number(number.toFixed(places))
  return evenIfHalf(Math.round(number * 10 ** places), true) / 10 ** places
}

const evenIfHalf = (rounded: number, half: boolean) => (half && rounded % 2 !== 0 ? rounded - 1 : rounded)
