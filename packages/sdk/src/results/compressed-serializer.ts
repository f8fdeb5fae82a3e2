import { gunzipSync, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { jsonSerializer } from './json-serializer.ts'
import type { Serializer } from './serializer.ts'

const compress = promisify(gzip)

/**
 * Another serializer's bytes, compressed with gzip: for results that are large and repetitive.
 * @example task(fetchPage, { resultSerializer: compressed() })
 */
export function compressed(inner: Serializer = jsonSerializer): Serializer {
  return {
    type: `compressed/${inner.type}`,
    serialize: async (value) => compress(await inner.serialize(value)),
    deserialize: (bytes) => inner.deserialize(gunzipSync(bytes)),
  }
}
