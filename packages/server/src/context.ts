import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Database } from './database/database.ts'
import type { Bus } from './bus.ts'
import type { Ids } from './ids.ts'
import type { KnownRuns } from './models/known-runs.ts'
import type { HotPath } from './models/hot-path.ts'
import type { Sealer } from './models/sealing.ts'
import type { SlotLines } from './models/slot-lines.ts'
import type { Settings } from './settings.ts'

/** What models need beside a session: time, ids and chance come in from here and nowhere else. */
export interface ModelContext {
  readonly clock: Clock
  readonly ids: Ids
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly settings: Settings
  readonly bus: Bus
  /** Encrypts what must not lie open in the database. */
  readonly sealer: Sealer
  /** Of the hot path: what it goes by where to read costs a round trip. */
  readonly known?: KnownRuns
}

/** Built once when the server starts, passed by hand. */
export interface Context extends ModelContext {
  readonly database: Database
  readonly hotPath: HotPath
  readonly slotLines: SlotLines
  readonly logger: Logger
}
