import type { Scope } from './scope.ts'

/** Neither the flow run nor the transaction of this scope ends before the promise has settled. */
export function track(scope: Scope, run: Promise<unknown>): void {
  for (const children of [scope.flow?.children, scope.transaction?.children]) {
    if (!children) continue
    const settled: Promise<void> = run.then(
      () => void children.delete(settled),
      () => void children.delete(settled),
    )
    children.add(settled)
  }
}
