import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesTextQuery, parseTextQuery } from './text-query.ts'

const nothing = { include: [], exclude: [], required: [] }

test.each([
  ['', nothing],
  ['  \t ', nothing],
  ['error', { ...nothing, include: ['error'] }],
  ['two words', { ...nothing, include: ['two', 'words'] }],
  ['-a !b +c d', { include: ['d'], exclude: ['a', 'b'], required: ['c'] }],
  ['--x', { ...nothing, exclude: ['-x'] }],
  ['- x !', { ...nothing, include: ['x'] }],
  ['"a phrase"', { ...nothing, include: ['a phrase'] }],
  ['-"a phrase" +"b c"', { ...nothing, exclude: ['a phrase'], required: ['b c'] }],
  ['"not closed', { ...nothing, include: ['not closed'] }],
  ['"" "  " x', { ...nothing, include: ['x'] }],
  [String.raw`"a \"b\" \\ \n"`, { ...nothing, include: [String.raw`a "b" \ \n`] }],
  ['ab"c d"', { ...nothing, include: ['ab', 'c d'] }],
])('%j is read word by word', (query, expected) => {
  expect(parseTextQuery(query)).toEqual(expected)
})

test('any text is read to its end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (query) => void parseTextQuery(query)),
  )
})

test.each([
  ['Error', true],
  ['missing', false],
  ['missing error', true],
  ['error -database', false],
  ['-nothing', true],
  ['+error +database', true],
  ['+error +missing', false],
  ['%', false],
])('the line is met by %j: %s', (query, expected) => {
  expect(matchesTextQuery('DATABASE error at 10:00', parseTextQuery(query))).toBe(expected)
})
