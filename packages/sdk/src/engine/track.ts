import type { Scope } from './scope.ts'

/** Neither the flow run nor the transaction of this scope ends before the promise has settled. */
export function track({ flow, transaction }: Scope, run: Promise<unknown>): void {
  flow?.children.add(run)
  transaction?.children.add(run)
}
