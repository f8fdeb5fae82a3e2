import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computeKey } from './compute-key.ts'
import { stableHash } from './hash.ts'
import {
  type CacheContext,
  cacheKey,
  DEFAULT,
  FLOW_PARAMETERS,
  INPUTS,
  NONE,
  RUN_ID,
  TASK_SOURCE,
} from './policy.ts'

const base: CacheContext = {
  taskName: 'load',
  taskVersion: undefined,
  taskSource: '(x) => x',
  inputs: { x: 1, debug: true },
  flowRunId: 'flow-run-1',
  taskRunId: 'task-run-1',
  flowParameters: { day: 'monday' },
}

async function keyOf(policy: typeof INPUTS, change: Partial<CacheContext> = {}): Promise<string | undefined> {
  return (await computeKey(policy, { ...base, ...change })).key
}

describe('cache policies', () => {
  test.each([
    ['INPUTS', INPUTS, { inputs: { x: 2, debug: true } }],
    ['INPUTS', INPUTS, { taskName: 'save' }],
    ['TASK_SOURCE', TASK_SOURCE, { taskSource: '(x) => x + 1' }],
    ['TASK_SOURCE', TASK_SOURCE, { taskVersion: '2' }],
    ['RUN_ID', RUN_ID, { flowRunId: 'flow-run-2' }],
    ['FLOW_PARAMETERS', FLOW_PARAMETERS, { flowParameters: { day: 'sunday' } }],
  ] as const)('%s gives another key for %#', async (_, policy, change) => {
    expect(await keyOf(policy, change)).not.toBe(await keyOf(policy))
    expect(await keyOf(policy)).toMatch(/^[0-9a-f]{64}$/)
  })

  test('INPUTS does not look at the source, the run or the flow', async () => {
    const change = { taskSource: 'other', flowRunId: 'other', taskRunId: 'other', flowParameters: {} }
    expect(await keyOf(INPUTS, change)).toBe(await keyOf(INPUTS))
  })

  test('RUN_ID outside of a flow is the task run', async () => {
    const outside = { flowRunId: undefined }
    expect(await keyOf(RUN_ID, outside)).not.toBe(
      await keyOf(RUN_ID, { ...outside, taskRunId: 'task-run-2' }),
    )
  })

  test('without() is blind to the named inputs, in compound policies too', async () => {
    const change = { inputs: { x: 1, debug: false } }
    for (const policy of [INPUTS, DEFAULT, INPUTS.and(TASK_SOURCE)]) {
      expect(await keyOf(policy, change)).not.toBe(await keyOf(policy))
      expect(await keyOf(policy.without('debug'), change)).toBe(await keyOf(policy.without('debug')))
    }
  })

  test('NONE gives no key and changes nothing in a composition', async () => {
    expect(await keyOf(NONE)).toBeUndefined()
    expect(await keyOf(NONE.and(INPUTS))).toBe(await keyOf(INPUTS))
    expect(await keyOf(INPUTS.and(NONE))).toBe(await keyOf(INPUTS))
  })

  test('a key of your own is used as it is, or combined', async () => {
    const mine = cacheKey(({ inputs }) => `user:${String(inputs.x)}`)
    expect(await keyOf(mine)).toBe('user:1')
    expect(await keyOf(mine.and(RUN_ID))).not.toBe(await keyOf(mine.and(RUN_ID), { flowRunId: 'other' }))
    expect(await keyOf(cacheKey(() => undefined))).toBeUndefined()
  })

  test('a key of your own that is long is hashed, as it has to fit the server', async () => {
    expect(await keyOf(cacheKey(() => 'x'.repeat(512)))).toBe('x'.repeat(512))
    expect(await keyOf(cacheKey(() => 'x'.repeat(513)))).toMatch(/^[0-9a-f]{64}$/)
  })

  test('inputs without a stable form give no key and say why', async () => {
    const { key, problem } = await computeKey(INPUTS, { ...base, inputs: { callback: () => 1 } })
    expect(key).toBeUndefined()
    expect(problem).toContain('callback')
  })
})

describe('stableHash', () => {
  test('does not depend on the order of keys, map entries or set members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const entries = Object.entries(record)
        const back = entries.toReversed()
        expect(stableHash(Object.fromEntries(entries))).toBe(stableHash(Object.fromEntries(back)))
        expect(stableHash(new Map(entries))).toBe(stableHash(new Map(back)))
        expect(stableHash(new Set(entries.map(([key]) => key)))).toBe(
          stableHash(new Set(back.map(([key]) => key))),
        )
      }),
    )
  })

  test('tells values apart that look alike', () => {
    const values = [
      1,
      '1',
      1n,
      [1],
      { 0: 1 },
      new Set([1]),
      new Map([[0, 1]]),
      null,
      undefined,
      'null',
      new Date(1),
      [],
      {},
    ]
    expect(new Set(values.map(stableHash)).size).toBe(values.length)
  })
})
