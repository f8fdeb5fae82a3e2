import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compressed } from './compressed-serializer.ts'
import { jsonSerializer } from './json-serializer.ts'
import { UnserializableError } from './serializer.ts'

async function roundTrip(value: unknown, serializer = jsonSerializer): Promise<unknown> {
  return serializer.deserialize(await serializer.serialize(value))
}

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, Infinity),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
  fc.float64Array(),
  fc.webUrl().map((url) => new URL(url)),
)

const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$reeve', '__proto__', 'toJSON')), tie('value'), {
      maxKeys: 4,
    }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
}))

describe('json serializer', () => {
  test('gives back any data as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        expect(await roundTrip(value)).toStrictEqual(normalized(value))
      }),
    )
  })

  test('gives back errors with class, message, cause and own fields', async () => {
    const error = Object.assign(new RangeError('too far', { cause: new Error('why') }), { code: 7 })
    const back = (await roundTrip(error)) as typeof error
    expect(back).toBeInstanceOf(RangeError)
    expect(back).toMatchObject({ name: 'RangeError', message: 'too far', code: 7, stack: error.stack })
    expect((back.cause as Error).message).toBe('why')
  })

  test('keeps the name of an error class that it does not know', async () => {
    class ShopClosed extends Error {
      override name = 'ShopClosed'
    }
    expect(await roundTrip(new ShopClosed('at night'))).toMatchObject({
      name: 'ShopClosed',
      message: 'at night',
    })
  })

  test('says where the value is that it cannot keep', async () => {
    class Connection {}
    expect(() => jsonSerializer.serialize({ rows: [{ open: new Connection() }] })).toThrow(
      new UnserializableError('$.rows[0].open', 'an object of class Connection'),
    )
    expect(() => jsonSerializer.serialize([() => 1])).toThrow('$[0] is a function')
  })

  test('says so when a value is nested too deeply, or cannot be read', () => {
    let deep: object = {}
    for (let n = 0; n < 50_000; n++) deep = { deep }
    expect(() => jsonSerializer.serialize(deep)).toThrow('$ is nested too deeply')
    const broken = {
      get rows() {
        throw new Error('closed')
      },
    }
    expect(() => jsonSerializer.serialize(broken)).toThrow(UnserializableError)
    expect(() => jsonSerializer.serialize(broken)).toThrow("threw 'Error: closed'")
  })

  test('refuses cycles, but not one object in two places', async () => {
    const shared = { a: 1 }
    expect(await roundTrip([shared, shared])).toStrictEqual([shared, shared])
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(() => jsonSerializer.serialize(loop)).toThrow('part of a cycle')
  })

  test('lets toJSON speak for an instance of a class', async () => {
    class Money {
      toJSON() {
        return { cents: 5n }
      }
    }
    expect(await roundTrip(new Money())).toStrictEqual({ cents: 5n })
  })

  test('compressed form gives back the same and is smaller when there is repetition', async () => {
    const value = { rows: Array.from({ length: 1000 }, () => ({ at: new Date(0), n: 1n })) }
    const gzip = compressed()
    expect(await roundTrip(value, gzip)).toStrictEqual(value)
    const [small, large] = [await gzip.serialize(value), await jsonSerializer.serialize(value)]
    expect(small.length).toBeLessThan(large.length / 10)
  })
})

/** Dictionaries of fast-check may have no prototype; ours come back as plain objects. */
function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalized)
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [normalized(key), normalized(item)]))
  if (value instanceof Set) return new Set([...value].map(normalized))
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalized(item)]))
}
