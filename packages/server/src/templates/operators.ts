import type { Budget } from './budget.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'
import {
  equals,
  hashable,
  isNumber,
  itemsOf,
  numeric,
  order,
  repr,
  textOf,
  Tuple,
  typeName,
  Undefined,
  wholeNumber,
} from './values.ts'
import type { Value } from './values.ts'

/** Bits of the largest whole number. */
const MOST_BITS = 10_000
const LARGEST = 2n ** BigInt(MOST_BITS)
const FORMAT = /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([sdifFeEgGrxXoc%])/g

/** `left operator right` of two values, as Python reckons. */
export function binary(operator: string, left: Value, right: Value, budget: Budget): Value {
  for (const value of [left, right]) if (value instanceof Undefined) value.refuse()
  if (isNumber(left) && isNumber(right)) return arithmetic(operator, numeric(left), numeric(right))
  if (operator === '%' && typeof left === 'string') return formatted(left, right, budget)
  if (operator === '*') {
    const repeated = isSequence(left) ? repetition(left, right, budget) : repetition(right, left, budget)
    if (repeated !== undefined) return repeated
  }
  if (operator === '+') {
    const sum = joined(left, right, budget)
    if (sum !== undefined) return sum
  }
  throw typeError(
    `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${typeName(left)}' and '${typeName(right)}'`,
  )
}

const isSequence = (value: Value) =>
  typeof value === 'string' || Array.isArray(value) || value instanceof Tuple

function joined(left: Value, right: Value, budget: Budget): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.make(left.length + right.length)
    return left + right
  }
  if (typeof left === 'string' && !isNumber(right)) return undefined
  if (typeof left === 'string') throw typeError(`can only concatenate str (not "${typeName(right)}") to str`)
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.make(left.length + right.length)
    return [...left, ...right]
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    budget.make(left.items.length + right.items.length)
    return new Tuple([...left.items, ...right.items])
  }
  if (!Array.isArray(left) && !(left instanceof Tuple)) return undefined
  const kind = typeName(left)
  throw typeError(`can only concatenate ${kind} (not "${typeName(right)}") to ${kind}`)
}

function repetition(sequence: Value, count: Value, budget: Budget): Value | undefined {
  if (!isSequence(sequence) || (typeof count !== 'bigint' && typeof count !== 'boolean')) return undefined
  const times = Math.max(0, Number(count))
  if (typeof sequence === 'string') {
    budget.make(sequence.length * times)
    return sequence.repeat(times)
  }
  const items = itemsOf(sequence)
  budget.make(items.length * times)
  const repeated = Array.from({ length: times }, () => items).flat()
  return sequence instanceof Tuple ? new Tuple(repeated) : repeated
}

function arithmetic(operator: string, left: bigint | number, right: bigint | number): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return ofWholes(operator, left, right)
  return ofFloats(operator, Number(left), Number(right))
}

function ofWholes(operator: string, left: bigint, right: bigint): Value {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return bounded(left * right)
    case '/':
      if (right === 0n) throw byZero('division by zero')
      return Number(left) / Number(right)
    case '//':
      if (right === 0n) throw byZero('integer division or modulo by zero')
      return (left - modulo(left, right)) / right
    case '%':
      if (right === 0n) throw byZero('integer modulo by zero')
      return modulo(left, right)
    default:
      return power(left, right)
  }
}

const modulo = (left: bigint, right: bigint) => ((left % right) + right) % right

function power(left: bigint, right: bigint): Value {
  if (right < 0n) {
    if (left === 0n) throw byZero('0.0 cannot be raised to a negative power')
    return Number(left) ** Number(right)
  }
  if (BigInt(left.toString(2).length) * right > MOST_BITS && left !== 1n && left !== 0n && left !== -1n) {
    return bounded(LARGEST + 1n)
  }
  return left ** right
}

function bounded(number: bigint): bigint {
  if (number <= LARGEST && number >= -LARGEST) return number
  throw new TemplateRenderError('OverflowError', 'The number is larger than is allowed.')
}

function ofFloats(operator: string, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      if (right === 0) throw byZero('float division by zero')
      return left / right
    case '//':
      if (right === 0) throw byZero('float floor division by zero')
      return Math.floor(left / right)
    case '%':
      if (right === 0) throw byZero('float modulo')
      return left - right * Math.floor(left / right)
    default:
      return left ** right
  }
}

const byZero = (message: string) => new TemplateRenderError('ZeroDivisionError', message)

/** Python's `text % values`. */
export function formatted(text: string, values: Value, budget: Budget): string {
  const positional = values instanceof Tuple ? [...values.items] : [values]
  const result = text.replaceAll(
    FORMAT,
    (_whole, name, flags: string, width: string, precision, kind: string) => {
      if (kind === '%') return '%'
      const value =
        name === undefined ? positional.shift() : values instanceof Map ? values.get(name) : undefined
      if (value === undefined) throw typeError('not enough arguments for format string')
      budget.make(Number(width))
      return padded(conversion(value, kind, precision, flags), flags, Number(width))
    },
  )
  const consumed = !(values instanceof Tuple) || positional.length === 0
  if (!consumed) throw typeError('not all arguments converted during string formatting')
  return budget.text(result)
}

function conversion(value: Value, kind: string, precision: string | undefined, flags: string): string {
  if (kind === 's' || kind === 'r') {
    const text = kind === 's' ? textOf(value) : repr(value)
    return precision === undefined ? text : text.slice(0, Number(precision))
  }
  if (kind === 'c')
    return typeof value === 'bigint' ? String.fromCodePoint(wholeNumber(value)) : textOf(value)
  if (!isNumber(value)) throw typeError(`%${kind} format: a real number is required, not ${typeName(value)}`)
  const number = numeric(value)
  const sign = flags.includes('+') && number >= 0 ? '+' : flags.includes(' ') && number >= 0 ? ' ' : ''
  return sign + digitsOf(number, kind, Math.min(Number(precision ?? 6), 100))
}

function digitsOf(number: bigint | number, kind: string, precision: number): string {
  switch (kind) {
    case 'd':
    case 'i':
      return String(typeof number === 'number' ? BigInt(Math.trunc(number)) : number)
    case 'x':
    case 'X':
    case 'o': {
      const digits = BigInt(number).toString(kind === 'o' ? 8 : 16)
      return kind === 'X' ? digits.toUpperCase() : digits
    }
    case 'f':
    case 'F':
      return Number(number).toFixed(precision)
    case 'e':
    case 'E': {
      const text = Number(number)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2')
      return kind === 'E' ? text.toUpperCase() : text
    }
    default:
      return String(Number(Number(number).toPrecision(Math.max(1, precision))))
  }
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0')) return text.padStart(width)
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

/** `left operator right` for comparisons and membership. */
export function compares(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return order(left, right, operator) < 0
    case '<=':
      return order(left, right, operator) <= 0
    case '>':
      return order(left, right, operator) > 0
    default:
      return order(left, right, operator) >= 0
  }
}

export function contains(holder: Value, item: Value): boolean {
  if (typeof holder === 'string') {
    if (typeof item === 'string') return holder.includes(item)
    if (item instanceof Undefined) item.refuse()
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (holder instanceof Map) return holder.has(hashable(item))
  if (holder !== null && !isNumber(holder)) return itemsOf(holder).some((each) => equals(each, item))
  throw typeError(`argument of type '${typeName(holder)}' is not iterable`)
}
