import { fromTag, TAG, toTag } from './json-tags.ts'
import { type Serializer, unserializable, UnserializableError } from './serializer.ts'

/**
 * JSON which also keeps Date, bigint, Map, Set, typed arrays, Error, URL, RegExp, undefined, NaN, infinities
 * and -0. Objects of other classes are refused unless they have a `toJSON` method, which then speaks for them.
 */
export const jsonSerializer: Serializer = {
  type: 'json',
  serialize: (value) => Buffer.from(JSON.stringify(encodeJson(value)), 'utf8'),
  deserialize: (bytes) => decodeJson(JSON.parse(Buffer.from(bytes).toString('utf8'))),
}

/** The value as plain JSON data with tags. Throws UnserializableError. */
export function encodeJson(value: unknown): unknown {
  try {
    return encode(value, '$', new Set())
  } catch (cause) {
    throw unserializable(cause, 'json')
  }
}

function encode(value: unknown, path: string, above: Set<object>): unknown {
  if (typeof value === 'object' && value !== null) {
    if (above.has(value)) throw new UnserializableError(path, 'part of a cycle')
    above.add(value)
    try {
      return encodeObject(value, path, above)
    } finally {
      above.delete(value)
    }
  }
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new UnserializableError(path, `a ${typeof value}`)
  const tag = toTag(value, path, (item, where) => encode(item, where, above))
  return tag ? { [TAG]: tag } : value
}

function encodeObject(value: object, path: string, above: Set<object>): unknown {
  const inner = (item: unknown, where: string) => encode(item, where, above)
  if (Array.isArray(value)) return Array.from(value, (item, i) => inner(item, `${path}[${i}]`))
  const tag = toTag(value, path, inner)
  if (tag) return { [TAG]: tag }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    if ('toJSON' in value && typeof value.toJSON === 'function') return inner(value.toJSON(), path)
    throw new UnserializableError(path, `an object of class ${value.constructor?.name || 'unknown'}`)
  }
  const entries = Object.entries(value).map(([key, item]) => [key, inner(item, `${path}.${key}`)] as const)
  if (TAG in value) return { [TAG]: ['object', entries] }
  return Object.fromEntries(entries)
}

/** The value that `encodeJson` was given. */
export function decodeJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decodeJson)
  const tag = (value as Record<string, unknown>)[TAG]
  if (Array.isArray(tag)) return fromTag(tag, decodeJson)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodeJson(item)]))
}
