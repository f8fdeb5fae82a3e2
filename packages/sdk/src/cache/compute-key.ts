import { UnserializableError } from '../results/serializer.ts'
import { stableHash } from './hash.ts'
import type { CacheContext, CachePolicy } from './policy.ts'

/** The key, or undefined for none; `problem` says why a key that was wanted could not be made. */
export interface ComputedKey {
  key?: string
  problem?: string
}

/** Asks the policy for its parts and hashes them. Inputs without a stable form switch caching off for the call. */
export async function computeKey(policy: CachePolicy, context: CacheContext): Promise<ComputedKey> {
  const parts = await policy.parts(context)
  if (!parts) return {}
  try {
    const [kind, text] = parts
    const own = parts.length === 2 && kind === 'custom' && typeof text === 'string' && text.length <= 512
    return { key: own ? text : stableHash(parts) }
  } catch (error) {
    if (!(error instanceof UnserializableError)) throw error
    const problem = `Cannot make a cache key: ${error.path} cannot be hashed. Use cacheKey(...) or INPUTS.without(...).`
    return { problem }
  }
}
