import { currentClock } from '../engine/current-clock.ts'
import type { ResultPolicy } from './result-policy.ts'

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
}

/** A value that was found; wrapped, since the value itself may be undefined. */
export interface Found {
  value: unknown
}

/** Writes the value and returns its reference. Throws UnserializableError. */
export async function writeResult(
  policy: ResultPolicy,
  key: string,
  value: unknown,
  extra: { expiration: string | null; inputsHash: string | null },
): Promise<ResultReference> {
  await policy.storage.put(key, await policy.serializer.serialize(value))
  return {
    type: 'reference',
    storage_key: key,
    storage: { type: policy.storage.type },
    serializer: { type: policy.serializer.type },
    expiration: extra.expiration,
    inputs_hash: extra.inputsHash,
  }
}

/** Reads what a reference points to; undefined when it is gone, foreign or expired. */
export async function readResult(policy: ResultPolicy, data: unknown): Promise<Found | undefined> {
  if (!isReference(data) || data.serializer.type !== policy.serializer.type) return undefined
  if (data.expiration !== null && Date.parse(data.expiration) <= currentClock().now()) return undefined
  const bytes = await policy.storage.get(data.storage_key)
  return bytes && { value: policy.serializer.deserialize(bytes) }
}

export function isReference(data: unknown): data is ResultReference {
  return typeof data === 'object' && data !== null && 'storage_key' in data && 'serializer' in data
}
