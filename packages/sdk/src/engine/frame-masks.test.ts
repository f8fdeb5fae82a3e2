import { expect, test } from 'vitest'
import { needsMask } from './frame-masks.ts'

test.each([
  ['ws://127.0.0.1:4200/api/pipeline', false],
  ['ws://localhost:4200/api/pipeline', false],
  ['ws://[::1]:4200/api/pipeline', false],
  ['wss://reeve.example.com/api/pipeline', false],
  ['ws://reeve.example.com/api/pipeline', true],
  ['ws://127.0.0.1.example.com/api/pipeline', true],
  ['ws://10.0.0.7:4200/api/pipeline', true],
])('frames to %s need masks: %s', (url, needed) => {
  expect(needsMask(url)).toBe(needed)
})
