import { describe, expect, test } from 'vitest'
import { Future } from './future.ts'
import { mapArguments, unmapped } from './map.ts'
import { State } from './state.ts'

describe('mapArguments', () => {
  test('gives one row an element; what is no iterable goes to every row', () => {
    expect(mapArguments([[1, 2], 'ab', new Set([3, 4])])).toEqual([
      [1, 'ab', 3],
      [2, 'ab', 4],
    ])
  })

  test('unmapped iterables and binary data go to every row as they are', () => {
    const bytes = new Uint8Array([1, 2, 3])
    expect(mapArguments([[1, 2], unmapped(['x', 'y']), bytes])).toEqual([
      [1, ['x', 'y'], bytes],
      [2, ['x', 'y'], bytes],
    ])
  })

  test('no elements, no rows', () => {
    expect(mapArguments([[], 1])).toEqual([])
  })

  test('iterables of different lengths are refused, and so are none', () => {
    expect(() => mapArguments([[1], [1, 2]])).toThrow('argument 0: 1, argument 1: 2')
    expect(() => mapArguments([1, unmapped([1])])).toThrow('at least one iterable')
  })

  test('a stream, whose length nobody knows, is to be collected first', () => {
    async function* pages() {
      yield 1
    }
    expect(() => mapArguments(['x', pages()])).toThrow(
      /argument 1 is a stream; collect it .* Array.fromAsync/,
    )
  })

  test('a future, whose length nobody knows, is to be awaited first', () => {
    const ids = { runId: Promise.resolve('1'), taskRunId: undefined }
    const list = new Future("task run 'list-0'", ids, Promise.resolve(new State('COMPLETED', { data: [1] })))
    expect(() => mapArguments([list, 1])).toThrow("await task run 'list-0' first")
  })
})
