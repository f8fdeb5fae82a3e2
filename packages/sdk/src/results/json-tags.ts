import { UnserializableError } from './serializer.ts'

/** Marks an object that stands for a value which JSON does not know: `{ "$reeve": ["Date", "2026-…"] }`. */
export const TAG = '$reeve'

const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
}

type TypedArrayName = keyof typeof TYPED_ARRAYS

type Encode = (value: unknown, path: string) => unknown

/** The tag's payload for a value that JSON cannot hold, or undefined when the value is plain. */
export function toTag(value: unknown, path: string, encode: Encode): unknown[] | undefined {
  switch (typeof value) {
    case 'undefined':
      return ['undefined']
    case 'bigint':
      return ['bigint', value.toString()]
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? undefined
        : ['number', Object.is(value, -0) ? '-0' : String(value)]
    case 'object':
      return value === null ? undefined : objectTag(value, path, encode)
    default:
      return undefined
  }
}

function objectTag(value: object, path: string, encode: Encode): unknown[] | undefined {
  if (value instanceof Date) return ['Date', Number.isNaN(value.getTime()) ? null : value.toISOString()]
  if (value instanceof Map) {
    return [
      'Map',
      [...value].map(([key, item], i) => [encode(key, `${path}<key ${i}>`), encode(item, `${path}<${i}>`)]),
    ]
  }
  if (value instanceof Set) return ['Set', [...value].map((item, i) => encode(item, `${path}<${i}>`))]
  if (value instanceof Error) return ['Error', encodeError(value, path, encode)]
  if (value instanceof URL) return ['URL', value.href]
  if (value instanceof RegExp) return ['RegExp', value.source, value.flags]
  if (value instanceof ArrayBuffer) return ['ArrayBuffer', base64(new Uint8Array(value))]
  if (ArrayBuffer.isView(value)) return viewTag(value, path)
  return undefined
}

function viewTag(view: ArrayBufferView, path: string): unknown[] {
  // A Buffer is a Uint8Array that other code may hold on to; it comes back as the plain one.
  const name =
    view instanceof Uint8Array && !(view instanceof Uint8ClampedArray) ? 'Uint8Array' : view.constructor.name
  if (!(name in TYPED_ARRAYS)) throw new UnserializableError(path, `a ${name}`)
  return [name, base64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))]
}

function encodeError(error: Error, path: string, encode: Encode): unknown {
  const { name, message, stack, cause } = error
  const rest = Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'name' && key !== 'cause'))
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause: encode(cause, `${path}.cause`) }),
    ...(Object.keys(rest).length > 0 && { fields: encode(rest, path) }),
    ...(error instanceof AggregateError && { errors: encode(error.errors, `${path}.errors`) }),
  }
}

type Decode = (value: unknown) => unknown

/** The value that a tag stands for. Throws on a tag that this version does not know. */
export function fromTag(tag: readonly unknown[], decode: Decode): unknown {
  const [kind, payload, extra] = tag as [string, never, never]
  switch (kind) {
    case 'undefined':
      return undefined
    case 'bigint':
      return BigInt(payload)
    case 'number':
      return Number(payload)
    case 'Date':
      return new Date(payload === null ? Number.NaN : payload)
    case 'Map':
      return new Map((payload as unknown[][]).map(([key, item]) => [decode(key), decode(item)]))
    case 'Set':
      return new Set((payload as unknown[]).map(decode))
    case 'Error':
      return decodeError(payload, decode)
    case 'URL':
      return new URL(payload)
    case 'RegExp':
      return new RegExp(payload, extra)
    case 'ArrayBuffer':
      return unbase64(payload).buffer
    case 'object':
      return Object.fromEntries((payload as [string, unknown][]).map(([key, item]) => [key, decode(item)]))
  }
  if (kind in TYPED_ARRAYS) return new TYPED_ARRAYS[kind as TypedArrayName](unbase64(payload).buffer)
  throw new TypeError(`This result holds a value of kind '${kind}', which this version cannot read`)
}

interface EncodedError {
  name: string
  message: string
  stack?: string
  cause?: unknown
  fields?: unknown
  errors?: unknown
}

const ERRORS: { [name: string]: ErrorConstructor } = {
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
}

function decodeError(encoded: EncodedError, decode: Decode): Error {
  const options = 'cause' in encoded ? { cause: decode(encoded.cause) } : undefined
  const error =
    encoded.errors === undefined
      ? new (ERRORS[encoded.name] ?? Error)(encoded.message, options)
      : new AggregateError(decode(encoded.errors) as unknown[], encoded.message, options)
  if (error.name !== encoded.name) define(error, 'name', encoded.name)
  if (encoded.stack !== undefined) define(error, 'stack', encoded.stack)
  return Object.assign(error, encoded.fields === undefined ? {} : decode(encoded.fields))
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Its own buffer, not a slice of a pool: typed arrays need it aligned and exactly as long. */
function unbase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
