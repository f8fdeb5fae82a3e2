import { expect, test } from 'vitest'
import { Names } from './names.ts'

const ID = '58125a52-c1af-4424-8050-1f6dfb34f6aa'

test('a known id reads as its role, an unknown one as an id', () => {
  const names = new Names('uniq')
  names.learn(ID, 'numbers#1')
  expect(names.plain({ a: `prefect.flow-run.${ID}`, b: ID.replace('5', '6') })).toEqual({
    a: 'prefect.flow-run.<numbers#1>',
    b: '<id>',
  })
})

test('a role that holds a known text is not replaced again', () => {
  const names = new Names('uniq')
  names.learn(ID, 'numbers#1/add-0')
  names.learn('add-0', 'name of add')
  expect(names.plain([ID, 'add-0'])).toEqual(['<numbers#1/add-0>', '<name of add>'])
})

test('a known name inside a longer word stays', () => {
  const names = new Names('uniq')
  names.learn('add-0', 'first')
  expect(names.plain(['add-01', 'xadd-0'])).toEqual(['add-01', 'xadd-0'])
})

test('what belongs to one execution alone is left out of names', () => {
  const names = new Names('uniq')
  expect(names.plain(['numbers-uniq', 'variable_uniq', 'add-2b417e07'])).toEqual([
    'numbers',
    'variable',
    'add',
  ])
})

test('moments, durations, addresses and paths are words', () => {
  const names = new Names('uniq')
  expect(names.plain('2026-11-23T04:41:26.220954+00:00')).toBe('<time>')
  expect(names.plain('starts 1 second(s) from now')).toBe('starts <seconds> from now')
  expect(names.plain('exceeded timeout of 0.5 second(s)')).toBe('exceeded timeout of <seconds>')
  expect(names.plain("storage at '/tmp/home/storage/abc'")).toBe("storage at '<path>'")
  expect(names.plain('see http://127.0.0.1:4200/runs')).toBe('see <server>/runs')
})

test('of a traceback only the last line is kept', () => {
  const names = new Names('uniq')
  const trace = 'Failed\nTraceback (most recent call last):\n  File "/a/b.py", line 1\nValueError: no\n'
  expect(names.plain(trace)).toBe('Failed\n<trace> ValueError: no')
})

test('keys come in one order, whatever order a database keeps', () => {
  const names = new Names('uniq')
  expect(JSON.stringify(names.plain({ b: 1, a: { d: 1, c: 2 } }))).toBe('{"a":{"c":2,"d":1},"b":1}')
})
