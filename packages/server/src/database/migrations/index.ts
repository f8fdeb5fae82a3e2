import { initial } from './0001-initial.ts'
import { taskRunStateOwner } from './0002-task-run-state-owner.ts'

export interface Migration {
  /** 1, 2, 3 ...: never renumbered, never changed once released. */
  version: number
  name: string
  /** Statements in which `{uuid}`, `{json}`, `{timestamp}`, `{boolean}`, `{real}`, `{integer}`, `{clustered}` and `{sorted_text}` stand for the dialect's types. */
  statements: readonly string[]
  /** Those that follow on PostgreSQL alone. */
  postgres?: readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [initial, taskRunStateOwner]
