import { describe, expect, expectTypeOf, test } from 'vitest'
import { INPUTS } from '../src/cache/policy.ts'
import { flow } from '../src/flow.ts'
import { type GeneratorTask, task } from '../src/task.ts'
import { withFakeApi } from './helpers/fake-api.ts'

const log: string[] = []
const count = task(
  function* (to: number) {
    for (let n = 1; n <= to; n++) {
      log.push(`made ${n}`)
      yield n
    }
  },
  { name: 'count' },
)

describe('a generator task', () => {
  test('gives its values as they are made, in one run', () =>
    withFakeApi(async (api) => {
      log.length = 0
      for await (const n of count(3)) log.push(`took ${n}`)
      expect(log).toEqual(['made 1', 'took 1', 'made 2', 'took 2', 'made 3', 'took 3'])
      expect([...api.taskRuns.values()].map(({ states }) => states)).toEqual([
        ['Pending', 'Running', 'Completed'],
      ])
    }))

  test('gives all of them together otherwise', () =>
    withFakeApi(async () => {
      expect(await count.submit(3)).toEqual([1, 2, 3])
      expect((await count.returnState(2)).data).toEqual([1, 2])
      expect(await count.map([1, 2])).toEqual([[1], [1, 2]])
    }))

  test('ends when its reader leaves, after its own cleaning', () =>
    withFakeApi(async (api) => {
      let cleaned = false
      const endless = task(
        async function* () {
          try {
            for (let n = 0; ; n++) yield n
          } finally {
            cleaned = true
          }
        },
        { name: 'endless' },
      )
      for await (const n of endless()) if (n === 2) break
      expect(cleaned).toBe(true)
      const [run] = api.taskRuns.values()
      expect(run?.state.type).toBe('COMPLETED')
    }))

  test('that fails throws where its reader is', () =>
    withFakeApi(async () => {
      const failing = task(
        function* () {
          yield 1
          throw new RangeError('too far')
        },
        { name: 'failing' },
      )
      const seen: number[] = []
      await expect(async () => {
        for await (const n of failing()) seen.push(n)
      }).rejects.toThrow('too far')
      expect(seen).toEqual([1])
    }))

  test('that is tried again gives only the values of the try that succeeded', () =>
    withFakeApi(async () => {
      let tries = 0
      const flaky = task(
        function* () {
          yield `try ${++tries}`
          if (tries === 1) throw new Error('once')
        },
        { name: 'flaky', retries: 1 },
      )
      expect(await Array.fromAsync(flaky())).toEqual(['try 2'])
    }))

  test('whose result is cached gives it without running', () =>
    withFakeApi(async () => {
      let calls = 0
      const cached = task(
        function* (to: number) {
          calls++
          for (let n = 0; n < to; n++) yield n
        },
        { name: 'cached', cachePolicy: INPUTS },
      )
      expect(await Array.fromAsync(cached(3))).toEqual([0, 1, 2])
      expect(await Array.fromAsync(cached(3))).toEqual([0, 1, 2])
      expect(calls).toBe(1)
    }))

  test('does not keep from running what its reader calls, however few may run at once', () =>
    withFakeApi(async () => {
      const double = task((n: number) => n * 2, { name: 'double' })
      const both = flow(
        async () => {
          const doubled: number[] = []
          for await (const n of count(3)) doubled.push(await double(n))
          return doubled
        },
        { name: 'both', concurrency: 1 },
      )
      expect(await both()).toEqual([2, 4, 6])
    }))

  test('keeps its types', () => {
    expectTypeOf(count).toEqualTypeOf<GeneratorTask<[to: number], number>>()
    expectTypeOf(count(1)).toEqualTypeOf<AsyncGenerator<number, void, undefined>>()
    expectTypeOf(count.submit(1).result()).toEqualTypeOf<Promise<number[]>>()
    // @ts-expect-error a wrong argument
    void (() => count('3'))
  })
})

test('the values of a generator flow are its result', () =>
  withFakeApi(async () => {
    const letters = flow(
      async function* (word: string) {
        yield* word
      },
      { name: 'letters' },
    )
    expectTypeOf(letters('x')).toEqualTypeOf<Promise<string[]>>()
    expect(await letters('abc')).toEqual(['a', 'b', 'c'])
  }))
