import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBool, readDuration, readFloat, readInt, readTimestamp, readUuid } from './lax.ts'
import { Refusal } from './scalar.ts'
import { formatTimestamp, parseTimestamp } from './time.ts'

const typeOf = (result: unknown) => (result instanceof Refusal ? result.type : result)

test.each([
  [5, 5],
  ['5', 5],
  ['5.0', 5],
  [' 5 ', 5],
  ['1_000', 1000],
  [1e3, 1000],
  [true, 1],
  [false, 0],
  [5.5, 'int_from_float'],
  ['5.5', 'int_parsing'],
  ['x', 'int_parsing'],
  ['', 'int_parsing'],
  [[], 'int_type'],
  [null, 'int_type'],
  [1e300, 'int_parsing_size'],
  ['99999999999999999999', 'int_parsing_size'],
  [Number.NaN, 'finite_number'],
])('a whole number is read from %j', (value, expected) => {
  expect(typeOf(readInt(value))).toBe(expected)
})

test.each([
  [1.5, 1.5],
  ['1.5', 1.5],
  [' 2 ', 2],
  ['1e3', 1000],
  [true, 1],
  ['PT1S', 'float_parsing'],
  ['', 'float_parsing'],
  ['0x10', 'float_parsing'],
  [{}, 'float_type'],
  ['Infinity', 'finite_number'],
])('a number is read from %j', (value, expected) => {
  expect(typeOf(readFloat(value))).toBe(expected)
})

test.each([
  [true, true],
  [1, true],
  [0, false],
  ['yes', true],
  ['ON', true],
  ['f', false],
  [2, 'bool_parsing'],
  ['maybe', 'bool_parsing'],
  [' true', 'bool_parsing'],
  [0.5, 'bool_type'],
  [[], 'bool_type'],
  [null, 'bool_type'],
])('a boolean is read from %j', (value, expected) => {
  expect(typeOf(readBool(value))).toBe(expected)
})

test('a UUID reads the same in every spelling', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      const bare = uuid.replaceAll('-', '')
      const spellings = [uuid, bare, `{${uuid}}`, `urn:uuid:${uuid}`].flatMap((text) => [
        text,
        text.toUpperCase(),
      ])
      for (const spelling of spellings) expect(readUuid(spelling)).toBe(uuid.toLowerCase())
    }),
  )
})

test.each([
  ['x', 'uuid_parsing'],
  ['{a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7}', 'uuid_parsing'],
  ['a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7ag', 'uuid_parsing'],
  ['a7a7a7a7-a7a7-a7a7-a7a7a7a7a7a7a7aa', 'uuid_parsing'],
  [5, 'uuid_type'],
])('%j is no UUID', (value, expected) => {
  expect(typeOf(readUuid(value))).toBe(expected)
})

const FIRST = parseTimestamp('0001-01-01')!
const LAST = parseTimestamp('9999-12-31T23:59:59')!

test('a timestamp that was written reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: FIRST, max: LAST }), (timestamp) => {
      expect(readTimestamp(formatTimestamp(timestamp))).toBe(timestamp)
    }),
  )
})

const NOON = parseTimestamp('2024-01-01T12:00:00Z')

test.each([
  ['2024-01-01T12:00:00', NOON],
  ['2024-01-01 12:00:00+00:00', NOON],
  ['2024-01-01T14:00:00+02:00', NOON],
  [1704110400, NOON],
  ['1704110400', NOON],
  [1704110400000, NOON],
  ['2024-01-01', parseTimestamp('2024-01-01T00:00:00Z')],
  ['9999-12-31T23:59:59.999999Z', Number.MAX_SAFE_INTEGER],
  ['0001-01-01T00:00:00Z', -Number.MAX_SAFE_INTEGER],
  ['nope', 'value_error'],
  ['', 'value_error'],
  ['2024-02-30', 'value_error'],
  ['2024-01-01T00:00:60Z', 'value_error'],
  ['+012024-01-01T00:00:00Z', 'value_error'],
  [true, 'value_error'],
  [1e300, 'value_error'],
  [[], 'value_error'],
])('an instant is read from %j', (value, expected) => {
  expect(typeOf(readTimestamp(value))).toBe(expected)
})

test.each([
  [60, 60],
  ['60', 60],
  ['PT1M', 60],
  ['P1DT0.5S', 86_400.5],
  ['-PT1S', -1],
  ['P1W', 604_800],
  ['00:01:00', 60],
  ['1 day, 00:00:01', 86_401],
  ['P', 'time_delta_parsing'],
  ['soon', 'time_delta_parsing'],
  [null, 'time_delta_type'],
])('seconds are read from %j', (value, expected) => {
  expect(typeOf(readDuration(value))).toBe(expected)
})
