import { describe, expect, test } from 'vitest'
import { compressed } from './compressed-serializer.ts'
import { jsonSerializer } from './json-serializer.ts'
import { memoryStorage } from './memory-storage.ts'
import { MOST_INLINE, readResult, type ResultFacts, writeResult } from './reference.ts'

const policy = () => ({ persist: true, storage: memoryStorage(), serializer: jsonSerializer, inline: true })
const facts: ResultFacts = { expiration: null, inputsHash: null, code: null, mayBeInline: true }
/** A text whose JSON takes so many bytes. */
const textOf = (bytes: number) => 'x'.repeat(bytes - 2)

describe('a result', () => {
  test.each([
    [MOST_INLINE, 'inline'],
    [MOST_INLINE + 1, 'memory'],
  ])('of %d bytes is kept: %s', async (bytes, where) => {
    const results = policy()
    const reference = await writeResult(results, 'key', textOf(bytes), facts)
    expect(reference.storage.type).toBe(where)
    expect((await results.storage.get('key')) !== undefined).toBe(where === 'memory')
    expect(await readResult(results, reference)).toEqual({ value: textOf(bytes) })
  })

  test('that may not be inline is in the storage, however short', async () => {
    const results = policy()
    const reference = await writeResult(results, 'key', 1, { ...facts, mayBeInline: false })
    expect(reference.inline).toBeUndefined()
    expect(await readResult(results, reference)).toEqual({ value: 1 })
  })

  test('that has expired is not read, inline or not', async () => {
    const results = policy()
    for (const mayBeInline of [true, false]) {
      const past = { ...facts, mayBeInline, expiration: '2000-01-01T00:00:00Z' }
      expect(await readResult(results, await writeResult(results, 'key', 1, past))).toBeUndefined()
      const future = { ...past, expiration: '2999-01-01T00:00:00Z' }
      expect(await readResult(results, await writeResult(results, 'key', 1, future))).toEqual({ value: 1 })
    }
  })

  test('that another serializer wrote, or that is gone, is not read', async () => {
    const results = policy()
    const reference = await writeResult(results, 'key', 1, { ...facts, mayBeInline: false })
    expect(await readResult({ ...results, serializer: compressed() }, reference)).toBeUndefined()
    await results.storage.delete('key')
    expect(await readResult(results, reference)).toBeUndefined()
    expect(await readResult(results, { type: 'not-kept' })).toBeUndefined()
  })

  test('as a record is read like any other', async () => {
    const results = policy()
    const record = { ...facts, mayBeInline: false, asRecord: true }
    const reference = await writeResult(results, 'key', { at: new Date(0) }, record)
    expect(reference.is_record).toBe(true)
    expect(await readResult(results, reference)).toEqual({ value: { at: new Date(0) } })
  })
})
