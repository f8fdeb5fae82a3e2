/** Turns values into bytes and back. `type` is written beside the bytes, so that they can be read later. */
export interface Serializer {
  readonly type: string
  /** Throws UnserializableError for values that would not come back as they were. */
  serialize(value: unknown): Uint8Array | Promise<Uint8Array>
  deserialize(bytes: Uint8Array): unknown
}

/** The value, or something in it, cannot be written without loss. `path` says where: `$.rows[3].file`. */
export class UnserializableError extends TypeError {
  override readonly name = 'UnserializableError'
  readonly path: string

  constructor(path: string, what: string) {
    super(`${path} is ${what}, which the json serializer cannot keep; return plain data or pass a serializer`)
    this.path = path
  }
}
