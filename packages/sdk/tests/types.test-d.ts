import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { FutureList } from '../src/engine/future-list.ts'
import type { Future } from '../src/engine/future.ts'
import type { State } from '../src/engine/state.ts'
import { unmapped } from '../src/engine/map.ts'
import { Completed, Failed } from '../src/engine/states.ts'
import { flow } from '../src/flow.ts'
import { task } from '../src/task.ts'

const count = task(async (text: string, times = 1) => text.length * times, { name: 'count' })
const total = task((numbers: number[]) => numbers.length, { name: 'total' })

test('a task keeps the parameters and the result of its function', () => {
  expectTypeOf(count('a')).toEqualTypeOf<Promise<number>>()
  expectTypeOf(count('a', 2)).toEqualTypeOf<Promise<number>>()
  expectTypeOf(count.submit('a')).toEqualTypeOf<Future<number>>()
  expectTypeOf(count.returnState('a')).toEqualTypeOf<Promise<State<number>>>()
  expectTypeOf(count.map(['a', 'b'], 2)).toEqualTypeOf<FutureList<number>>()
  expectTypeOf(count.fn).parameters.toEqualTypeOf<[text: string, times?: number]>()
  // @ts-expect-error a number is no text
  void count(1)
  // @ts-expect-error the text is missing
  void count()
  // @ts-expect-error elements are texts
  void count.map([1, 2])
})

test('futures stand for values, also inside of arrays', () => {
  expectTypeOf(count(count.submit('a').then(String) as unknown as Future<string>)).toEqualTypeOf<
    Promise<number>
  >()
  void total([count.submit('a'), 1])
  void total(count.map(['a', 'b']))
  void total.map([[1], [2]])
  void total.map(unmapped([1]))
  // @ts-expect-error a future of a number is no text
  void count(count.submit('a'))
  // @ts-expect-error an array would be mapped over; it needs unmapped()
  void total.map([1])
})

test('options see the types of the function', () => {
  task((a: number) => a, {
    name: 't',
    runName: (a) => `t-${a.toFixed(1)}`,
    onCompletion: (_, state) => state.result(),
  })
  count.withOptions({ runName: (text, times) => text + times?.toFixed() })
  // @ts-expect-error not an option
  count.withOptions({ retry: 3 })
})

test('returned states, futures and lists of futures give what they hold', () => {
  const maybe = task((x: number) => (x > 0 ? Completed({ data: 'yes' }) : Failed({ message: 'no' })), {
    name: 'maybe',
  })
  expectTypeOf(maybe(1)).toEqualTypeOf<Promise<string>>()
  expectTypeOf(flow(async () => count.submit('a'), { name: 'f' })()).toEqualTypeOf<Promise<number>>()
  expectTypeOf(flow(() => [count.submit('a')], { name: 'f' })()).toEqualTypeOf<Promise<number[]>>()
  expectTypeOf(flow(() => count.map(['a']), { name: 'f' })()).toEqualTypeOf<Promise<number[]>>()
})

test('a schema gives the flow its parameter and its callers theirs', () => {
  const greet = flow(({ at }) => at.getTime(), {
    name: 'greet',
    parameters: z.object({ at: z.coerce.date<string>() }),
  })
  expectTypeOf(greet({ at: '2026-01-01' })).toEqualTypeOf<Promise<number>>()
  // @ts-expect-error the schema takes a text
  void greet({ at: 5 })
  // @ts-expect-error nothing is no object
  void greet()
})

test('without a schema a flow keeps its parameters', () => {
  const etl = flow(async (table: string, limit?: number) => ({ table, limit }), { name: 'etl' })
  expectTypeOf(etl('a')).toEqualTypeOf<Promise<{ table: string; limit: number | undefined }>>()
  expectTypeOf(etl.resume('id')).toEqualTypeOf<Promise<{ table: string; limit: number | undefined }>>()
})
