import { Future } from './future.ts'

const producers = new WeakMap<object, Promise<string>>()

/** Remembers which task run made an object, so that passing it on shows as a dependency. */
export function rememberProducer(value: unknown, taskRunId: string | Promise<string>): void {
  if (typeof value === 'object' && value !== null) producers.set(value, Promise.resolve(taskRunId))
}

/** The futures in a value and the task runs it came from; looks into arrays and plain objects only. */
export interface Dependencies {
  futures: Future<unknown>[]
  taskRunIds: Promise<string>[]
}

export function findDependencies(value: unknown): Dependencies {
  const found: Dependencies = { futures: [], taskRunIds: [] }
  visit(value, found, 0, new Set())
  return found
}

/** Deeper nesting is data, not a list of arguments. */
const MAX_DEPTH = 8

function visit(value: unknown, found: Dependencies, depth: number, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (value instanceof Future) {
    found.futures.push(value)
    if (value.taskRunId) found.taskRunIds.push(value.taskRunId)
    return
  }
  const producer = producers.get(value)
  if (producer) {
    found.taskRunIds.push(producer)
    return
  }
  if (depth === MAX_DEPTH) return
  if (Array.isArray(value)) for (const item of value) visit(item, found, depth + 1, seen)
  else if (isPlain(value)) for (const item of Object.values(value)) visit(item, found, depth + 1, seen)
}

/** The value with each future replaced by its result; what holds no future stays the same object. */
export async function resolveFutures(value: unknown): Promise<unknown> {
  const { futures } = findDependencies(value)
  if (futures.length === 0) return value
  const results = new Map<unknown, unknown>()
  const one = async (future: Future<unknown>) => void results.set(future, await future.result())
  await Promise.all(futures.map(one))
  return replaced(value, results, new Map())
}

/** A copy with the results in place of the futures; objects that are shared, or hold themselves, do so in it too. */
function replaced(
  value: unknown,
  results: ReadonlyMap<unknown, unknown>,
  copies: Map<object, unknown>,
): unknown {
  if (results.has(value)) return results.get(value)
  if (typeof value !== 'object' || value === null) return value
  if (copies.has(value)) return copies.get(value)
  if (findDependencies(value).futures.length === 0) return value
  const copy: unknown[] | { [key: string]: unknown } = Array.isArray(value) ? [] : {}
  copies.set(value, copy)
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: replaced(item, results, copies),
      writable: true,
      enumerable: true,
      configurable: true,
    })
  return copy
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
