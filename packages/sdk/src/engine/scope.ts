import { AsyncLocalStorage } from 'node:async_hooks'
import type { FlowScope } from './flow-scope.ts'
import type { Runtime } from './runtime.ts'
import type { TaskScope } from './task-scope.ts'
import type { Transaction } from './transaction.ts'

/** What code that runs now runs inside of. Never changed: what nests gets a scope of its own. */
export interface Scope {
  readonly flow?: FlowScope
  readonly task?: TaskScope
  /** Added to the runs that start here. */
  readonly tags?: readonly string[]
  readonly transaction?: Transaction
  /** Stands in for the process's own connection. */
  readonly runtime?: Runtime
}

const storage = new AsyncLocalStorage<Scope>()

export function currentScope(): Scope | undefined {
  return storage.getStore()
}

export function runInScope<T>(scope: Scope, fn: () => T): T {
  return storage.run(scope, fn)
}
