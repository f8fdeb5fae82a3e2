import type { StateDetails } from '@reeve/schemas/state'
import { computeKey } from '../cache/compute-key.ts'
import { stableHash } from '../cache/hash.ts'
import type { LockManager } from '../locks.ts'
import { log } from '../logs/logger.ts'
import { type ResultReference, writeResult } from '../results/reference.ts'
import { UnserializableError } from '../results/serializer.ts'
import { codeOf } from './task-code.ts'
import type { TaskExecution } from './execute-task.ts'
import { renderRunName } from './run-name.ts'
import type { TaskDefinition } from './task-options.ts'

/** What the server is told about caching, with the proposal to run and with the completed state. */
export interface CachePlan {
  key: string | undefined
  running: Partial<StateDetails>
  completed: Partial<StateDetails>
  expiration: string | null
  /** Of which the key is to be held while the run goes on. */
  locks?: LockManager | undefined
}

/** Works out the cache key of the call; without one the plan is empty. */
export async function planCache<R>(execution: TaskExecution<R>): Promise<CachePlan> {
  const { task, scope, run, inputs, runtime } = execution
  const { cachePolicy, cacheExpirationSeconds, refreshCache, persistResult, version } = task.options
  const none: CachePlan = { key: undefined, running: {}, completed: {}, expiration: null }
  if (!cachePolicy) return none
  if (persistResult === false) {
    warnOnce(task, `Task '${task.name}' has a cachePolicy but persistResult is false: nothing is cached`)
    return none
  }
  const { key, problem } = await computeKey(cachePolicy, {
    taskName: task.name,
    taskVersion: version,
    taskSource: task.fn.toString(),
    inputs,
    flowRunId: scope.flow?.id,
    taskRunId: run.id,
    flowParameters: scope.flow?.parameters,
  })
  if (problem) warnOnce(task, `Task '${task.name}' runs without cache. ${problem}`)
  if (key === undefined) return none
  const expiration =
    cacheExpirationSeconds === undefined
      ? null
      : new Date(runtime.clock.now() + cacheExpirationSeconds * 1000).toISOString()
  return {
    key,
    running: { cache_key: key, refresh_cache: refreshCache ?? null },
    completed: { cache_key: key, cache_expiration: expiration },
    expiration,
    locks: cachePolicy.locks,
  }
}

/** Persists the result if it is to be persisted; the reference for the state, null, or why it could not be kept. */
export async function keepResult<R>(
  execution: TaskExecution<R>,
  cache: CachePlan,
  value: unknown,
): Promise<ResultReference | UnserializableError | null> {
  const { task, results, inputs } = execution
  const asked =
    task.options.persistResult ?? (cache.key !== undefined || task.options.resultStorageKey !== undefined)
  if (!asked && !results.persist) return null
  try {
    return await writeResult(results, storageKey(execution, cache), value, {
      expiration: cache.expiration,
      inputsHash: inputsHashOf(inputs),
      code: codeOf(task),
      // What others may find, or a rollback has to delete, is in the storage that they share.
      mayBeInline: results.inline && cache.key === undefined && task.options.resultStorageKey === undefined,
      asRecord: execution.background !== undefined,
    })
  } catch (error) {
    if (!(error instanceof UnserializableError)) throw error
    if (asked) return error
    warnOnce(
      task,
      `The result of task '${task.name}' is not kept: ${error.message}. A resumed run repeats the task`,
    )
    return null
  }
}

function storageKey<R>({ task, run, scope, args, inputs }: TaskExecution<R>, cache: CachePlan): string {
  const { resultStorageKey } = task.options
  if (resultStorageKey !== undefined) return renderRunName(resultStorageKey, [...args], inputs)
  if (cache.key !== undefined) return `cache/${cache.key}`
  return `runs/${scope.flow?.id ?? 'tasks'}/${run.id}`
}

/** undefined-safe identity of the inputs, or null when they have no stable form. */
export function inputsHashOf(inputs: { readonly [name: string]: unknown }): string | null {
  try {
    return stableHash(inputs)
  } catch (error) {
    if (error instanceof UnserializableError) return null
    throw error
  }
}

const warned = new WeakMap<object, Set<string>>()

function warnOnce(task: TaskDefinition, message: string): void {
  const messages = warned.get(task.fn) ?? new Set()
  if (messages.has(message)) return
  warned.set(task.fn, messages.add(message))
  log.warn(message)
}
