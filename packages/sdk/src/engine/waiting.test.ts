import { expect, test } from 'vitest'
import { Future } from './future.ts'
import { State } from './state.ts'
import { asCompleted } from './waiting.ts'

function future(state: Promise<State<number>>): Future<number> {
  const id = new Promise<string>(() => {})
  return new Future('one', { runId: id, taskRunId: undefined }, state)
}

test('a run whose engine fails while nobody looks is an error of the loop, not of the process', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const good = future(Promise.resolve(new State('COMPLETED', { data: 1 })))
  const broken = Promise.withResolvers<State<number>>()
  const seen: number[] = []
  const loop = async () => {
    for await (const { state } of asCompleted([good, future(broken.promise)])) {
      seen.push(state.result())
      broken.reject(new Error('deleted'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await expect(loop()).rejects.toThrow('deleted')
  process.off('unhandledRejection', note)
  expect([seen, unhandled]).toEqual([[1], []])
})
