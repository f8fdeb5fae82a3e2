import type { Slot } from './limiter.ts'
import type { RunKeys } from './run-keys.ts'
import type { Stop } from './stop.ts'

/** A task run that is going on in this process. */
export interface TaskScope {
  readonly id: string
  readonly name: string
  readonly taskName: string
  readonly tags: readonly string[]
  readonly inputs: { readonly [name: string]: unknown }
  /** 1 for the first try. */
  readonly runCount: number
  /** Stops when the run is cancelled or times out. */
  readonly stop: Stop
  readonly slot: Slot
  readonly keys: RunKeys
  readonly logPrints: boolean
}
