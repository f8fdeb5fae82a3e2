import type { Event } from '@reeve/schemas/event'
import type { LogCreate } from '@reeve/schemas/log'
import type { ResultPolicy } from '../results/result-policy.ts'
import type { Settings } from '../settings.ts'
import type { Shipper } from '../shipper.ts'
import type { Clock } from '../client/clock.ts'
import type { TransportOptions } from '../client/transport.ts'
import type { EngineApi } from './api.ts'
import type { Pipeline } from './pipeline.ts'

/** A log record as it is sent. */
export type LogRecord = (typeof LogCreate)['_zod']['input']
/** An event as it is sent. */
export type EventRecord = (typeof Event)['_zod']['input']

/** One connection to a server and what goes with it; shared by all runs that use this server. */
export interface Runtime {
  readonly api: EngineApi
  /** Undefined where another stands in for the server. */
  readonly pipeline: Pipeline | undefined
  /** How to reach the server, for other clients. */
  readonly connection: TransportOptions
  readonly settings: Settings
  readonly clock: Clock
  readonly logs: Shipper<LogRecord>
  readonly events: Shipper<EventRecord>
  readonly results: ResultPolicy
  /** Ids of flows by name, so that each is looked up once. */
  readonly flowIds: Map<string, Promise<string>>
  /** Says that the connection is in use; the returned function ships what waits and lets it go. */
  readonly lease: () => () => Promise<void>
}
