import { compares, contains } from './operators.ts'
import { Callable, equals, isNumber, numeric, Tuple, Undefined } from './values.ts'
import type { Value } from './values.ts'

type Test = (value: Value, other: Value) => boolean

const modulo = (value: Value, by: Value) => {
  if (value instanceof Undefined) value.refuse()
  const [left, right] = [Number(numeric(value as bigint)), Number(numeric(by as bigint))]
  return ((left % right) + right) % right
}
const comparing =
  (operator: string): Test =>
  (value, other) =>
    compares(operator, value, other)
const isSequence: Test = (value) =>
  typeof value === 'string' || Array.isArray(value) || value instanceof Tuple || value instanceof Map

const NAMED: { [name: string]: Test } = {
  boolean: (value) => typeof value === 'boolean',
  callable: (value) => value instanceof Callable,
  defined: (value) => !(value instanceof Undefined),
  divisibleby: (value, other) => modulo(value, other) === 0,
  escaped: () => false,
  even: (value) => modulo(value, 2n) === 0,
  false: (value) => value === false,
  float: (value) => typeof value === 'number',
  in: (value, other) => contains(other, value),
  integer: (value) => typeof value === 'bigint',
  iterable: (value) => isSequence(value, null) || value instanceof Undefined,
  lower: (value) =>
    typeof value === 'string' && value !== value.toUpperCase() && value === value.toLowerCase(),
  mapping: (value) => value instanceof Map,
  none: (value) => value === null,
  number: (value) => isNumber(value),
  odd: (value) => modulo(value, 2n) === 1,
  sameas: (value, other) => value === other,
  sequence: (value) => isSequence(value, null) || value instanceof Undefined,
  string: (value) => typeof value === 'string',
  true: (value) => value === true,
  undefined: (value) => value instanceof Undefined,
  upper: (value) =>
    typeof value === 'string' && value !== value.toLowerCase() && value === value.toUpperCase(),
  equalto: equals,
  eq: equals,
  '==': equals,
  ne: comparing('!='),
  '!=': comparing('!='),
  lt: comparing('<'),
  lessthan: comparing('<'),
  '<': comparing('<'),
  le: comparing('<='),
  '<=': comparing('<='),
  gt: comparing('>'),
  greaterthan: comparing('>'),
  '>': comparing('>'),
  ge: comparing('>='),
  '>=': comparing('>='),
}

/** The test of this name; undefined when there is none. */
export function testOf(name: string): Test | undefined {
  return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
}
