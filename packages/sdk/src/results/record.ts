import type { Found } from './reference.ts'
import { jsonSerializer } from './json-serializer.ts'

/**
 * A value, as JSON, in the form in which Prefect's client stores one: JSON that says how the text in it was written.
 * Python reads ours as long as they are plain JSON, and we read what Python wrote with its `json` serializer.
 */
export function encodeRecord(
  json: Uint8Array,
  { key, expiration = null }: { key: string; expiration?: string | null },
): Uint8Array {
  const result = Buffer.from(json).toString('utf8')
  const metadata = {
    storage_key: key,
    expiration,
    serializer: { type: 'json' },
    prefect_version: '3.8.8',
    storage_block_id: null,
  }
  return Buffer.from(JSON.stringify({ metadata, result }), 'utf8')
}

/** Thrown for records of Python that only Python can read. */
export class ForeignRecordError extends Error {
  override readonly name = 'ForeignRecordError'

  constructor(serializer: string) {
    super(
      `It was written by Python with the serializer '${serializer}'. Set PREFECT_RESULTS_DEFAULT_SERIALIZER=json there.`,
    )
  }
}

/** The value of a record. Throws ForeignRecordError, or SyntaxError for what is no record. */
export function decodeRecord(bytes: Uint8Array): Found {
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<StoredRecord>
  const { metadata, result } = record
  if (typeof result !== 'string') throw new SyntaxError('The stored bytes are no result record')
  const serializer = metadata?.serializer?.type ?? 'pickle'
  if (serializer !== 'json') throw new ForeignRecordError(serializer)
  return { value: jsonSerializer.deserialize(Buffer.from(result, 'utf8')) }
}

interface StoredRecord {
  metadata: { serializer?: { type?: string } }
  result: string
}
