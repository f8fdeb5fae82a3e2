import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** A completed state with a cache key answers later tasks with the same key. */
export const insertIntoCache = taskRule({
  name: 'insert-into-cache',
  from: ANY,
  to: ['COMPLETED'],
  before(transition, proposed) {
    const { client, settings } = transition.facts
    const { cache_key } = proposed.state_details
    if (client.generation !== '3.8' || !cache_key) return
    const longest = settings.max_cache_key_length
    // The reference says REJECT and writes the state all the same.
    if (isLonger(cache_key, longest)) {
      transition.reject(proposed, `The cache key is longer than ${longest} characters.`)
    }
  },
  after({ effects }, written) {
    const { cache_key, cache_expiration = null } = written?.state_details ?? {}
    if (cache_key) effects.push({ type: 'insert-cache', cache_key, cache_expiration })
  },
})

/** In characters, which a text has no more of than code units. */
function isLonger(text: string, longest: number): boolean {
  return text.length > longest && Array.from(text).length > longest
}
