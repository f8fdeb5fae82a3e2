import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonRecord, JsonValue, Labels, Name, TimestampKept, int } from './scalars.ts'
import { formatTimestamp, parseTimestamp } from './time.ts'

test.each([
  ['2030-01-01T00:00:00+02:00', '2030-01-01T00:00:00+02:00'],
  ['2030-01-01T00:00:00.5Z', '2030-01-01T00:00:00.500000Z'],
  ['2030-01-01T00:00:00.000-08:00', '2030-01-01T00:00:00-08:00'],
  ['2030-01-01T00:00:00.5+0530', '2030-01-01T00:00:00.500000+05:30'],
  ['2030-01-01 00:00:00+02:00', '2030-01-01T00:00:00+02:00'],
  ['2030-01-01T00:00:00', '2030-01-01T00:00:00Z'],
  ['2030-01-01', '2030-01-01T00:00:00Z'],
  [1893456000, '2030-01-01T00:00:00Z'],
])('an instant in stored JSON sent as %j is kept as %j', (sent, kept) => {
  expect(TimestampKept.parse(sent)).toBe(kept)
})

test('an instant in stored JSON keeps its moment', () => {
  const offsets = fc.constantFrom('', 'Z', '+00:00', '+05:30', '-08:00')
  const separators = fc.constantFrom('T', ' ')
  const moments = fc.integer({ min: 0, max: parseTimestamp('2100-01-01')! })
  fc.assert(
    fc.property(moments, offsets, separators, (moment, offset, separator) => {
      const sent = formatTimestamp(moment).replace('Z', offset).replace('T', separator)
      expect(parseTimestamp(TimestampKept.parse(sent))).toBe(parseTimestamp(sent))
    }),
  )
})

test('an instant in stored JSON that is no instant is refused', () => {
  expect(TimestampKept.safeParse('2030-13-01').success).toBe(false)
})

test.each(['a/b', 'a%b', 'a&b', 'a>b', 'a<b', ''])('the name %j is refused', (name) => {
  expect(Name.safeParse(name).success).toBe(false)
})

test('labels hold booleans, numbers and texts as they are', () => {
  const labels = { a: true, b: 1.5, c: '1' }
  expect(Labels.parse(labels)).toEqual(labels)
})

test.each([null, [1], { b: 1 }])('the label value %j is refused', (value) => {
  expect(Labels.safeParse({ a: value }).success).toBe(false)
})

test('numbers that are not finite are null once free JSON is written', () => {
  const value = JsonValue.parse({ a: [Number.NaN, 1], b: Number.POSITIVE_INFINITY })
  expect(JSON.parse(JSON.stringify(value))).toEqual({ a: [null, 1], b: null })
})

test('any JSON value is kept as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JsonValue.parse(value)).toBe(value)
    }),
  )
})

test.each([[[]], ['text'], [null], [5]])('%j is no JSON object', (value) => {
  expect(JsonRecord.safeParse(value).success).toBe(false)
})

test('bounds of a number are as they say', () => {
  const bounded = int({ ge: 1, le: 50 })
  expect([0, 1, 50, 51].map((value) => bounded.safeParse(value).success)).toEqual([false, true, true, false])
  expect(int({ gt: 0 }).safeParse(0).success).toBe(false)
})
