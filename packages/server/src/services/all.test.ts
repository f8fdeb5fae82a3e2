import { expect, test } from 'vitest'
import { SERVICES } from './all.ts'

test('a clock that skips time stops once an hour at most for services which cannot tell when they are due', () => {
  const often = SERVICES.filter(({ due, every }) => !due && every < 3600)
  expect(often.map(({ name }) => name)).toEqual([])
})
