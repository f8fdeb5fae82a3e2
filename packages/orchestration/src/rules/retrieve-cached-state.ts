import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'

/** A task whose cache key stands for a finished state need not run: it gets a copy of that state. */
export const retrieveCachedState = taskRule({
  name: 'retrieve-cached-state',
  from: ANY,
  to: ['RUNNING'],
  before(transition, proposed) {
    const { cached } = transition.facts
    const { cache_key, refresh_cache } = proposed.state_details
    if (cached === undefined || !cache_key || refresh_cache) return
    const copy = transition.replacement(cached.type, { ...cached, name: 'Cached' })
    transition.reject(copy, 'The state comes from the cache.')
  },
})
