import { describe, expect, expectTypeOf, test } from 'vitest'
import { INPUTS } from '../src/cache/policy.ts'
import { sleepSeconds } from '../src/client/sleep.ts'
import { currentClock } from '../src/engine/current-clock.ts'
import { flow } from '../src/flow.ts'
import { type GeneratorTask, task } from '../src/task.ts'
import { withTestServer } from '../src/testing.ts'
import { transaction } from '../src/transactions.ts'
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

  test('whose reader went without a word ends, and with it the flow or transaction around it', () =>
    withTestServer(async (server) => {
      const first = flow(async () => (await count(3).next()).value, { name: 'first' }).submit()
      const inTransaction = flow(() => transaction(() => count(3).next()), { name: 'within' }).submit()
      const inTask = task(async () => (await count(3).next()).value, { name: 'in-task' })
      const aroundTask = flow(() => inTask(), { name: 'around' }).submit()
      await server.advance('20 seconds')
      expect(await first).toBe(1)
      expect(await inTransaction).toEqual({ done: false, value: 1 })
      expect(await aroundTask).toBe(1)
      await server.expectLogs(first, [/Nobody reads the values of task run 'count-0' any more/])
    }))

  test('is left to a reader that takes its time, even after the function around it has returned', () =>
    withTestServer(async (server) => {
      const seen: number[] = []
      const slow = task(
        async function* () {
          for (const n of [1, 2]) {
            await sleepSeconds(60, undefined, currentClock())
            yield n
          }
        },
        { name: 'slow' },
      )
      const read = async () => {
        for await (const n of slow()) seen.push(n)
      }
      const run = flow(() => void read(), { name: 'loose' }).submit()
      await server.advance('1 hour')
      await run
      expect(seen).toEqual([1, 2])
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
