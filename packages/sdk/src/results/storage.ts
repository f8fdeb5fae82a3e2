/** A place for result bytes under keys such as `runs/<id>/<id>` or `cache/<hash>`. */
export interface ResultStorage {
  /** Written into the reference that the server keeps, to say where the bytes are. */
  readonly type: string
  get(key: string): Promise<Uint8Array | undefined>
  /** Returns only when the bytes can be read back; replaces what was there. */
  put(key: string, bytes: Uint8Array): Promise<void>
  delete(key: string): Promise<void>
}
