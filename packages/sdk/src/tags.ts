import { currentScope, runInScope } from './engine/scope.ts'

/**
 * Adds tags to all runs that `fn` starts.
 * @example await tags(['nightly'], () => etl('orders'))
 */
export function tags<T>(names: readonly string[], fn: () => T): T {
  const scope = currentScope() ?? {}
  return runInScope({ ...scope, tags: [...new Set([...(scope.tags ?? []), ...names])] }, fn)
}
