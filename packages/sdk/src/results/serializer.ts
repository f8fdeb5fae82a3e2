/** Turns values into bytes and back. `type` is written beside the bytes, so that they can be read later. */
export interface Serializer {
  readonly type: string
  /** Throws UnserializableError for values that would not come back as they were. */
  serialize(value: unknown): Uint8Array | Promise<Uint8Array>
  /** The value, or a promise of it. */
  deserialize(bytes: Uint8Array): unknown
}

/** The value, or something in it, cannot be written without loss. `path` says where: `$.rows[3].file`. */
export class UnserializableError extends TypeError {
  override readonly name = 'UnserializableError'
  readonly path: string

  constructor(path: string, what: string, serializer = 'json') {
    super(
      `${path} is ${what}, which the ${serializer} serializer cannot keep; return plain data or pass a serializer`,
    )
    this.path = path
  }
}

/** The value's bytes. Whatever the serializer throws comes as UnserializableError. */
export async function serialized(serializer: Serializer, value: unknown): Promise<Uint8Array> {
  try {
    return await serializer.serialize(value)
  } catch (cause) {
    throw unserializable(cause, serializer.type)
  }
}

/** What stands for an error that was thrown while a value was being written. */
export function unserializable(cause: unknown, serializer: string): UnserializableError {
  if (cause instanceof UnserializableError) return cause
  const isTooDeep = cause instanceof RangeError && cause.message.includes('call stack')
  const what = isTooDeep ? 'nested too deeply' : `something that threw '${String(cause)}'`
  return Object.assign(new UnserializableError('$', what, serializer), { cause })
}
