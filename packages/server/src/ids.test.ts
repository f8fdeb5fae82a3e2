import { expect, test } from 'vitest'
import { orderedUuid } from '@reeve/schemas/ordered-uuid'
import { systemIds } from './ids.ts'

test.each([
  ['the runtime', systemIds.ordered],
  ['our own', orderedUuid],
])('ordered ids of %s are version 7, unique, and begin with the time', (_, make) => {
  const before = Date.now()
  const ids = Array.from({ length: 1000 }, make)
  const after = Date.now()
  expect(new Set(ids).size).toBe(1000)
  for (const id of ids) {
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(after)
  }
})
