import { Uuid } from '@reeve/schemas/scalars'
import type { LimitKey } from '../../models/concurrency-limits.ts'

/** A text that reads as an id is one, even when it is also a name. */
export function limitKey(idOrName: string): LimitKey {
  const id = Uuid.safeParse(idOrName)
  return id.success ? { id: id.data } : { name: idOrName }
}
