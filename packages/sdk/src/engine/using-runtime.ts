import { connect } from './connect.ts'
import type { Runtime } from './runtime.ts'
import { currentScope } from './scope.ts'

/** Calls `fn` with the connection of the run around it or, outside of runs, with the process's own. */
export async function usingRuntime<T>(fn: (runtime: Runtime) => T | Promise<T>): Promise<T> {
  const own = currentScope()?.runtime
  if (own) return fn(own)
  const runtime = await connect()
  const release = runtime.lease()
  try {
    return await fn(runtime)
  } finally {
    await release()
  }
}
