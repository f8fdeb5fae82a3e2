import type { Session } from '../database/session.ts'
import { TABLES } from '../database/tables.ts'
import type { TableName } from '../database/tables.ts'
import { SEALING_KEY } from './configuration.ts'

/** Connections that are open now are nobody's data; tallies come to nothing as the task runs go. */
const KEPT: ReadonlySet<string> = new Set<TableName>(['task_worker', 'task_run_tally', 'task_run_finished'])

/** Deletes every row but the key that seals blocks: the running server goes on sealing with it. */
export async function clearDatabase(session: Session): Promise<void> {
  const { build } = session
  // Tables are declared before those that point at them: from the last to the first, hardly anything cascades.
  for (const table of (Object.keys(TABLES) as TableName[]).toReversed()) {
    if (KEPT.has(table) || table === 'configuration') continue
    await session.run(build.deleteFrom(table))
  }
  await session.run(build.deleteFrom('configuration').where('key', '!=', SEALING_KEY))
}
