import { describe, expect, test } from 'vitest'
import { namedArguments, parameterNames } from './parameter-names.ts'

describe('parameterNames', () => {
  test.each([
    [(a: number, b: string) => [a, b], ['a', 'b']],
    [async (url: string, retries = 3, unit = 'a, b)') => [url, retries, unit], ['url', 'retries', 'unit']],
    [
      function named($x: number, _y = { z: [1, 2], f: (q: number) => q }) {
        return [$x, _y]
      },
      ['$x', '_y'],
    ],
    [(a: number /* (the first, ) */, b: number) => [a, b], ['a', 'b']],
    [async ([x]: number[], { y }: { y: number }, größe: number) => [x, y, größe], ['arg0', 'arg1', 'größe']],
    [() => 1, []],
    // oxlint-disable-next-line typescript/no-implied-eval
    [new Function('return async only => only')() as () => void, ['only']],
    [
      {
        method(self: number, other = '`') {
          return [self, other]
        },
      }.method,
      ['self', 'other'],
    ],
  ] as [Function, string[]][])('reads %s', (fn, expected) => {
    expect(parameterNames(fn).names).toEqual(expected)
  })

  test('sees that the single parameter is taken apart', () => {
    expect(parameterNames(({ a }: { a: number }) => a).destructured).toBe(true)
    expect(parameterNames((input: { a: number }) => input).destructured).toBe(false)
  })

  test('collects rest arguments under their name', () => {
    const fn = (first: number, ...others: number[]) => [first, others]
    expect(namedArguments(fn, [1, 2, 3])).toEqual({ first: 1, others: [2, 3] })
    expect(namedArguments((a: number) => a, [1, 2])).toEqual({ a: 1, arg1: 2 })
  })
})
