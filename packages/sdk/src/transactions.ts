import { currentScope, runInScope } from './engine/scope.ts'
import { Transaction } from './engine/transaction.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import type { LockManager } from './locks.ts'
import { overlay, type ResultOptions } from './results/result-policy.ts'
import { serialized } from './results/serializer.ts'

/** Options of `transaction()`; all may be left out. */
export interface TransactionOptions extends Pick<ResultOptions, 'resultStorage' | 'resultSerializer'> {
  /** Makes it happen once: the result is kept under this key, and a later call gives it without running. */
  key?: string
  /** Runs even if there is a result for the key, and replaces it. */
  overwrite?: boolean
  /** Commits at its own end, where a transaction inside of another one otherwise waits for the outer. */
  eager?: boolean
  /** Only one holder of the key runs at a time; a transaction inside of the holder is part of it. */
  locks?: LockManager
}

/**
 * Runs `fn` so that all of it holds or none: when it throws, the `onRollback` hooks of its completed tasks and
 * of the transaction are called, last first; when it returns, the `onCommit` hooks.
 * @example
 * await transaction(async (tx) => {
 *   tx.onRollback(() => rm(path))
 *   await writeReport(path)
 *   await publish(path)
 * })
 */
export function transaction<T>(
  fn: (tx: Transaction) => T | Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return usingRuntime(async (runtime) => {
    const { key, overwrite = false, locks } = options
    const scope = currentScope() ?? {}
    const results = overlay(scope.flow?.results ?? runtime.results, options)
    const isHeld = scope.transaction?.holds(locks, key) ?? false
    const release =
      key === undefined || isHeld
        ? undefined
        : await locks?.acquire(key, (scope.task ?? scope.flow)?.stop.signal)
    let isRunning = false
    try {
      const record = key === undefined ? undefined : `transactions/${key}`
      const before = record === undefined || overwrite ? undefined : await results.storage.get(record)
      if (before) return (await results.serializer.deserialize(before)) as T
      const tx = new Transaction(scope.transaction, locks && key !== undefined ? { locks, key } : undefined)
      if (release) tx.onEnd(release)
      isRunning = true
      return await tx.run(
        () => runInScope({ ...scope, runtime, transaction: tx }, () => fn(tx)),
        async (result) => {
          if (record !== undefined)
            await results.storage.put(record, await serialized(results.serializer, result))
        },
        options.eager ?? false,
      )
    } finally {
      if (!isRunning) await release?.()
    }
  })
}
