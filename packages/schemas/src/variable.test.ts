import { expect, test } from 'vitest'
import { VariableCreate, VariableUpdate } from './variable.ts'

const withValue = (value: unknown) => VariableCreate.safeParse({ name: 'a', value }).success

test('a value is at most five thousand bytes of JSON text', () => {
  expect(withValue('x'.repeat(4998))).toBe(true)
  expect(withValue('x'.repeat(4999))).toBe(false)
  expect(withValue('é'.repeat(2499))).toBe(true)
  expect(withValue('é'.repeat(2500))).toBe(false)
})

test.each([null, false, 0, '', [], {}])('the value %j is a value', (value) => {
  expect(withValue(value)).toBe(true)
})

test('a variable without a value is refused, a change without one is not', () => {
  expect(VariableCreate.safeParse({ name: 'a' }).success).toBe(false)
  expect(VariableUpdate.parse({ tags: [] })).toEqual({ tags: [] })
})

test.each(['A', 'a b', 'x'.repeat(256)])('the name %j is refused', (name) => {
  expect(VariableCreate.safeParse({ name, value: 1 }).success).toBe(false)
})

test.each(['a', 'a_b-1', ''])('the name %j is taken', (name) => {
  expect(VariableCreate.safeParse({ name, value: 1 }).success).toBe(true)
})
