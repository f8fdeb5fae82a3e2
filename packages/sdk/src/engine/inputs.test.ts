import { expect, test } from 'vitest'
import { Future } from './future.ts'
import { findDependencies, resolveFutures } from './inputs.ts'
import { State } from './state.ts'

function future<T>(data: T): Future<T> {
  const ids = { runId: Promise.resolve('id'), taskRunId: undefined }
  return new Future('one', ids, Promise.resolve(new State<T>('COMPLETED', { data })))
}

test('futures in arrays and objects become their results', async () => {
  const date = new Date()
  const given = { list: [future(1), { deep: future('two') }], date, plain: 3 }
  expect(await resolveFutures(given)).toEqual({ list: [1, { deep: 'two' }], date, plain: 3 })
})

test('what holds no future stays the same object', async () => {
  const given = { list: [1, { deep: 'two' }] }
  expect(await resolveFutures(given)).toBe(given)
})

test('values that hold themselves are gone through once, and keep their shape', async () => {
  const given: { [name: string]: unknown } = { one: future(1), shared: { two: future(2) } }
  for (let i = 0; i < 12; i++) given[`self${i}`] = given
  given.again = given.shared
  expect(findDependencies(given).futures).toHaveLength(2)
  const found = (await resolveFutures(given)) as typeof given
  expect(found.one).toBe(1)
  expect(found.self0).toBe(found)
  expect(found.shared).toEqual({ two: 2 })
  expect(found.again).toBe(found.shared)
})
