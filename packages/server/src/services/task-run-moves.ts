import type { Context } from '../context.ts'
import { addMoves, hasMoves, sumMoves } from '../models/task-run-moves.ts'
import type { Service } from './service.ts'

/** A write of so many takes about a millisecond; twenty if no two are of the same hours. */
const MOST = 2000

/** Adds up the moves of task runs until few are left, so that counts and histories have few to look at. */
async function addUp({ database }: Context): Promise<number> {
  if (database.dialect !== 'sqlite' || !(await database.read(hasMoves))) return 0
  for (;;) {
    const summed = await database.scan((session) => sumMoves(session, MOST))
    if (summed.moves > 0) await database.write((session) => addMoves(session, summed))
    // No answer changes by it, so nothing has to act on it.
    if (summed.moves < MOST) return 0
  }
}

export const taskRunMoves: Service = {
  name: 'task-run-moves',
  every: 1,
  run: addUp,
  /** Never by itself: a clock that skips time need not stop for it. */
  due: () => Promise.resolve(undefined),
}
