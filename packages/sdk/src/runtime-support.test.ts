import { expect, test } from 'vitest'
import { requireRuntime } from './runtime-support.ts'

test('a runtime that has everything is fine', () => {
  expect(() => requireRuntime()).not.toThrow()
})

test('what is missing is named, with the Node that has it', () => {
  const needed = [
    { what: 'Promise.withResolvers', since: '22.13', isThere: () => false },
    { what: 'fetch', since: '22.13', isThere: () => true },
  ]
  expect(() => requireRuntime(needed, 'v20.20.2')).toThrow(
    'reeve needs Node 22.13 or later; this is v20.20.2, where Promise.withResolvers is missing.',
  )
})
