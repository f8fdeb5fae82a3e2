import { initial } from './0001-initial.ts'
import { taskRunStateOwner } from './0002-task-run-state-owner.ts'
import { taskRunTally } from './0003-task-run-tally.ts'
import { taskRunFinished } from './0004-task-run-finished.ts'
import { taskRunClaims } from './0005-task-run-claims.ts'
import { flowRunNotificationPolicy } from './0006-flow-run-notification-policy.ts'
import { taskRunName } from './0007-task-run-name.ts'
import { taskRunMoves } from './0008-task-run-moves.ts'
import { deferredOwner } from './0009-deferred-owner.ts'

export interface Migration {
  /** 1, 2, 3 ...: never renumbered, never changed once released. */
  version: number
  name: string
  /** Statements in which `{uuid}`, `{json}`, `{timestamp}`, `{boolean}`, `{real}`, `{integer}`, `{clustered}` and `{sorted_text}` stand for the dialect's types; one that a dialect does not have is left out there. */
  statements: readonly (string | { sqlite?: string; postgres?: string })[]
}

export const MIGRATIONS: readonly Migration[] = [
  initial,
  taskRunStateOwner,
  taskRunTally,
  taskRunFinished,
  taskRunClaims,
  flowRunNotificationPolicy,
  taskRunName,
  taskRunMoves,
  deferredOwner,
]
