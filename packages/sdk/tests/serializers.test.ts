import { expect, test } from 'vitest'
import { flow } from '../src/flow.ts'
import { jsonSerializer } from '../src/results/json-serializer.ts'
import { type Serializer, UnserializableError } from '../src/results/serializer.ts'
import { task } from '../src/task.ts'
import { transaction } from '../src/transactions.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()

const broken: Serializer = {
  type: 'broken',
  serialize: () => {
    throw new Error('no ink')
  },
  deserialize: (bytes) => bytes,
}

/** As one that encrypts would be. */
const later: Serializer = {
  type: 'later',
  serialize: async (value) => jsonSerializer.serialize(value),
  deserialize: async (bytes) => jsonSerializer.deserialize(bytes),
}

test('a result that the serializer fails on is not kept, and the run goes on', () =>
  withServer(async () => {
    const give = task(() => 1, { name: 'give', resultSerializer: broken })
    expect(await flow(() => give(), { name: 'unkept' })()).toBe(1)
  }))

test('a result that was to be kept fails the task when the serializer fails', () =>
  withServer(async () => {
    const give = task(() => 1, { name: 'give', resultSerializer: broken, persistResult: true })
    const { state } = await flow(async () => ({ state: await give.returnState() }), { name: 'kept' })()
    expect(state).toMatchObject({ type: 'FAILED', error: { cause: new Error('no ink') } })
    expect(state.error).toBeInstanceOf(UnserializableError)
    expect(state.message).toContain("$ is something that threw 'Error: no ink', which the broken serializer")
  }))

test('a serializer may take its time to read', () =>
  withServer(async () => {
    let runs = 0
    const give = task(() => ({ at: new Date(0), run: ++runs }), { name: 'give', resultSerializer: later })
    const twice = flow(
      async () => {
        const { data } = await give.returnState()
        if (runs === 1) {
          runs++
          throw new Error('once')
        }
        return { data }
      },
      { name: 'later', retries: 1 },
    )
    expect(await twice()).toEqual({ data: { at: new Date(0), run: 1 } })
    const key = `later-${crypto.randomUUID()}`
    const once = () => transaction(() => ++runs, { key, resultSerializer: later })
    expect(await once()).toBe(await once())
  }))
