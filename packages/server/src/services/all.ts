import { cancellationCleanup } from './cancellation-cleanup.ts'
import { eventRetention } from './event-retention.ts'
import { lateRuns } from './late-runs.ts'
import { leaseRepossessor } from './lease-repossessor.ts'
import { pauseExpirations } from './pause-expirations.ts'
import { taskRunMoves } from './task-run-moves.ts'
import { tally } from './tally.ts'
import type { Service } from './service.ts'

/** Everything that acts by the clock. */
export const SERVICES: readonly Service[] = [
  lateRuns,
  pauseExpirations,
  cancellationCleanup,
  leaseRepossessor,
  eventRetention,
  tally,
  taskRunMoves,
]
