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

export function findDependencies(
  value: unknown,
  found: Dependencies = { futures: [], taskRunIds: [] },
): Dependencies {
  visit(value, found, 0)
  return found
}

/** Deeper nesting is data, not a list of arguments. */
const MAX_DEPTH = 8

function visit(value: unknown, found: Dependencies, depth: number): void {
  if (typeof value !== 'object' || value === null) return
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
  if (Array.isArray(value)) for (const item of value) visit(item, found, depth + 1)
  else if (isPlain(value)) for (const item of Object.values(value)) visit(item, found, depth + 1)
}

/** The value with each future replaced by its result; what holds no future stays the same object. */
export async function resolveFutures(value: unknown): Promise<unknown> {
  if (value instanceof Future) return value.result()
  if (typeof value !== 'object' || value === null || findDependencies(value).futures.length === 0)
    return value
  if (Array.isArray(value)) return Promise.all(Array.from(value, resolveFutures))
  const entries = Object.entries(value).map(async ([key, item]) => [key, await resolveFutures(item)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
