import { expect, test } from 'vitest'
import { differences } from './diff.ts'

test('equal values have no differences', () => {
  expect(differences({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([])
})

test('a difference is named by its path', () => {
  expect(differences({ a: [{ b: 1 }] }, { a: [{ b: 2 }] })).toEqual(['a[0].b: recorded 1, found 2'])
})

test('a missing and an additional key are differences', () => {
  expect(differences({ a: 1 }, { b: null })).toEqual([
    'a: recorded 1, found nothing',
    'b: recorded nothing, found null',
  ])
})

test('of lists of different lengths, what only one holds is shown', () => {
  expect(differences({ logs: ['x', 'y', 'y'] }, { logs: ['y', 'z'] })).toEqual([
    'logs: recorded 3 of them, found 2',
    'logs: only recorded "x"',
    'logs: only recorded "y"',
    'logs: only found "z"',
  ])
})

test('an order of keys is no difference, an order of items is', () => {
  expect(differences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
  expect(differences(['a', 'b'], ['b', 'a'])).toHaveLength(2)
})

test('in lists of different lengths, too, an order of keys is no difference', () => {
  expect(differences([{ a: 1, b: 2 }], [{ b: 2, a: 1 }, { c: 3 }])).toEqual([
    ': recorded 1 of them, found 2',
    ': only found {"c":3}',
  ])
})
