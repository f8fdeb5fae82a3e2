import type { Json } from '@reeve/schemas/json'
import { pythonFloat, pythonJson } from '../models/blocks/python-json.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'

/** A value while a template is rendered: bigint is a whole number, number a float, Map an object. */
export type Value =
  | Undefined
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Map<Value, Value>
  | Namespace
  | Callable

/** A name or member that is not there. It may be chained and printed, but not reckoned with. */
export class Undefined {
  readonly hint: string
  readonly kind: string

  constructor(hint: string, kind = 'UndefinedError') {
    this.hint = hint
    this.kind = kind
  }

  refuse(): never {
    throw new TemplateRenderError(this.kind, this.hint)
  }
}

/** A value that may be None, unless there is none: `??` would take None for nothing. */
export function either(value: Value | undefined, fallback: Value): Value {
  return value === undefined ? fallback : value
}

export class Tuple {
  readonly items: Value[]
  /** Names by which the items are known too. */
  readonly names: readonly string[]

  constructor(items: Value[], names: readonly string[] = []) {
    this.items = items
    this.names = names
  }
}

/** What a template may assign to from inside of a loop. */
export class Namespace {
  readonly members: Map<Value, Value>

  constructor(members: Map<Value, Value>) {
    this.members = members
  }
}

export interface Given {
  positional: Value[]
  named: Map<string, Value>
}

/** A function, method or macro. */
export class Callable {
  readonly name: string
  readonly call: (given: Given) => Value
  /** What can be read of it: the members of `loop`. */
  readonly members: Map<Value, Value> | undefined

  constructor(name: string, call: (given: Given) => Value, members?: Map<Value, Value>) {
    this.name = name
    this.call = call
    this.members = members
  }
}

export function fromJson(json: Json): Value {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json
  if (Array.isArray(json)) return json.map(fromJson)
  if (typeof json !== 'object' || json === null) return json
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
}

/** What Python names the class of a value. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (value instanceof Undefined) return 'ChainableUndefined'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Map) return 'dict'
  if (value instanceof Namespace) return 'Namespace'
  if (value instanceof Callable) return 'function'
  if (Array.isArray(value)) return 'list'
  const names: { [type: string]: string } = { boolean: 'bool', bigint: 'int', number: 'float', string: 'str' }
  return names[typeof value] as string
}

export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Tuple) return value.items.length > 0
  if (value instanceof Map) return value.size > 0
  if (value instanceof Namespace || value instanceof Callable) return true
  return Boolean(value)
}

/** As it is printed. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  return value instanceof Undefined ? '' : repr(value)
}

/** As Python shows it inside of a list. */
export function repr(value: Value): string {
  if (value === null) return 'None'
  if (value instanceof Undefined) return 'Undefined'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return pythonFloat(value)
  if (typeof value === 'string') return reprOfText(value)
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Tuple) {
    const inner = value.items.map(repr).join(', ')
    return value.items.length === 1 ? `(${inner},)` : `(${inner})`
  }
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`
  if (value instanceof Namespace) return '<Namespace>'
  return `<function ${value.name}>`
}

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu
const SHORT: { [letter: string]: string } = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

function reprOfText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(UNPRINTABLE, (letter) => SHORT[letter] ?? escapedCode(letter.codePointAt(0) as number))
  return quote + inner + quote
}

function escapedCode(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}

/** JSON text as Python writes it: keys in order, a space behind commas and colons. */
export function jsonOf(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return pythonJson(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? pythonFloat(value)
      : value > 0
        ? 'Infinity'
        : value < 0
          ? '-Infinity'
          : 'NaN'
  }
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(', ')}]`
  if (value instanceof Tuple) return jsonOf(value.items)
  if (value instanceof Map) {
    const members = [...value].map(([key, item]) => [textOf(key), item] as const)
    const written = members
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => `${pythonJson(key)}: ${jsonOf(item)}`)
    return `{${written.join(', ')}}`
  }
  throw typeError(`Object of type ${typeName(value)} is not JSON serializable`)
}

/** What a loop goes through. */
export function itemsOf(value: Value): Value[] {
  if (Array.isArray(value)) return value
  if (value instanceof Tuple) return value.items
  if (value instanceof Map) return [...value.keys()]
  if (typeof value === 'string') return [...value]
  if (value instanceof Undefined) return []
  throw typeError(`'${typeName(value)}' object is not iterable`)
}

export const isNumber = (value: Value): value is bigint | number | boolean =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'

export function equals(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return order(left, right) === 0
  if (left instanceof Undefined && right instanceof Undefined) return true
  if (left instanceof Tuple && right instanceof Tuple) return equals(left.items, right.items)
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equals(item, right[index] as Value))
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, item]) => right.has(key) && equals(item, right.get(key) as Value))
    )
  }
  return left === right
}

/** True and False count as 1 and 0. */
export function numeric(value: bigint | number | boolean): bigint | number {
  return typeof value === 'boolean' ? (value ? 1n : 0n) : value
}

/** Negative, 0 or positive. Throws what Python does for values that have no order. */
export function order(left: Value, right: Value, operator = '<'): number {
  if (isNumber(left) && isNumber(right)) {
    const [one, other] = [numeric(left), numeric(right)]
    return one < other ? -1 : one > other ? 1 : 0
  }
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  if (left instanceof Tuple && right instanceof Tuple) return order(left.items, right.items, operator)
  if (Array.isArray(left) && Array.isArray(right)) {
    for (const [index, item] of left.entries()) {
      const other = right[index]
      if (other === undefined) return 1
      if (!equals(item, other)) return order(item, other, operator)
    }
    return left.length - right.length
  }
  for (const value of [left, right]) if (value instanceof Undefined) value.refuse()
  throw typeError(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  )
}

/** A key that a dict takes. */
export function hashable(key: Value): Value {
  if (Array.isArray(key) || key instanceof Map) throw typeError(`unhashable type: '${typeName(key)}'`)
  return typeof key === 'boolean' ? numeric(key) : key
}

/** A whole number that is an index or a count. */
export function wholeNumber(value: Value): number {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) {
      throw new TemplateRenderError('OverflowError', 'Python int too large to convert to C ssize_t')
    }
    return number
  }
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Undefined) value.refuse()
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
}
