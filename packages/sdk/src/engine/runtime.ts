import type { ResultPolicy } from '../results/result-policy.ts'
import type { LogShipper } from '../logs/shipper.ts'
import type { Settings } from '../settings.ts'
import type { EngineApi } from './api.ts'

/** One connection to a server and what goes with it; shared by all runs that use this server. */
export interface Runtime {
  readonly api: EngineApi
  readonly settings: Settings
  readonly logs: LogShipper
  readonly results: ResultPolicy
  /** Ids of flows by name, so that each is looked up once. */
  readonly flowIds: Map<string, Promise<string>>
  /** Top-level runs that are going on; the embedded server stays up for them. */
  readonly lease: () => () => Promise<void>
}
