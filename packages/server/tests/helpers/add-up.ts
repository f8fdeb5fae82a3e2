import type { Database } from '../../src/database/database.ts'
import { addMoves, sumMoves } from '../../src/models/task-run-moves.ts'
import { addUpTally } from '../../src/models/task-run-tally.ts'

/** Adds up what the tallies of task runs have waiting: on SQLite the oldest moves, at most so many; how many rows that were. */
export async function addUp(database: Database, most = Infinity): Promise<number> {
  if (database.dialect === 'postgres') return database.write(addUpTally)
  const summed = await database.scan((session) => sumMoves(session, Math.min(most, 1_000_000)))
  await database.write((session) => addMoves(session, summed))
  return summed.moves
}
