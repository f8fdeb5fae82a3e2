import type { Scope } from './scope.ts'

/** The flow run of this scope does not end before the promise has settled. */
export function track(scope: Scope, run: Promise<unknown>): void {
  const children = scope.flow?.children
  if (!children) return
  const settled: Promise<void> = run.then(
    () => void children.delete(settled),
    () => void children.delete(settled),
  )
  children.add(settled)
}
