import { currentClock } from '../engine/current-clock.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import type { ResultPolicy } from './result-policy.ts'
import { serialized } from './serializer.ts'

/** What the server keeps of a result: where it is and how it was written. */
export type ResultReference = {
  type: 'reference'
  storage_key: string
  storage: { type: string }
  serializer: { type: string }
  /** ISO 8601, or null for never. */
  expiration: string | null
  /** Hash of the inputs; a run with other inputs must not take this result over. */
  inputs_hash: string | null
  /** What the code was that made it; a run of other code must not take it over. */
  code: string | null
  /** The bytes themselves, as text, when they are few; then nothing is in the storage. */
  inline?: string
  /** The bytes are a record as Prefect's client writes them. */
  is_record?: boolean
}

/** What is written down about a result beside where it is. */
export interface ResultFacts {
  expiration: string | null
  inputsHash: string | null
  code: string | null
  /** Whether a short result may be kept by the server itself, which spares a file and a wait for the disk. */
  mayBeInline: boolean
  /** Writes it so that Python can read it too, if the serializer is `json`. */
  asRecord?: boolean
}

/** Bytes of JSON that the server keeps beside the state. */
export const MOST_INLINE = 4096

/** A value that was found; wrapped, since the value itself may be undefined. */
export interface Found {
  value: unknown
}

/** Writes the value and returns its reference. Throws UnserializableError. */
export async function writeResult(
  policy: ResultPolicy,
  key: string,
  value: unknown,
  { expiration, inputsHash, code, mayBeInline, asRecord = false }: ResultFacts,
): Promise<ResultReference> {
  const { storage, serializer } = policy
  const isJson = serializer.type === 'json'
  const bytes = await serialized(serializer, value)
  const isInline = mayBeInline && isJson && bytes.byteLength <= MOST_INLINE
  const isRecord = asRecord && isJson && !isInline
  if (!isInline) await storage.put(key, isRecord ? encodeRecord(bytes, { key, expiration }) : bytes)
  return {
    type: 'reference',
    storage_key: key,
    storage: { type: isInline ? 'inline' : storage.type },
    serializer: { type: serializer.type },
    expiration,
    inputs_hash: inputsHash,
    code,
    ...(isInline && { inline: Buffer.from(bytes).toString('utf8') }),
    ...(isRecord && { is_record: true }),
  }
}

/** Reads what a reference points to; undefined when it is gone, foreign or expired. */
export async function readResult(policy: ResultPolicy, data: unknown): Promise<Found | undefined> {
  if (!isReference(data) || data.serializer.type !== policy.serializer.type) return undefined
  if (data.expiration !== null && Date.parse(data.expiration) <= currentClock().now()) return undefined
  const { inline } = data
  if (inline !== undefined) return { value: await policy.serializer.deserialize(Buffer.from(inline, 'utf8')) }
  const bytes = await policy.storage.get(data.storage_key)
  if (!bytes) return undefined
  // What Python refers to has no type.
  if (data.is_record || !('type' in data)) return decodeRecord(bytes)
  return { value: await policy.serializer.deserialize(bytes) }
}

export function isReference(data: unknown): data is ResultReference {
  return typeof data === 'object' && data !== null && 'storage_key' in data && 'serializer' in data
}
