import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { DEPLOYMENT_PREFIX, TAG_PREFIX } from './limit-counts.ts'
import type { LimitRow } from './limit-counts.ts'

/** Once it is durable, tells those who wait in line that there may be room under these limits. */
export function tellFreed(session: Session, limits: readonly LimitRow[], { bus }: ModelContext): void {
  const names = limits.map(({ name }) => name).filter(isWaitedFor)
  if (names.length > 0) session.onCommit(() => names.forEach((name) => bus.publish('freedSlots', name)))
}

/** Runs wait for slots of tags and of deployments by asking for their state again. */
function isWaitedFor(name: string): boolean {
  return !name.startsWith(TAG_PREFIX) && !name.startsWith(DEPLOYMENT_PREFIX)
}
