import type { Context } from '../context.ts'
import { addUpTally } from '../models/task-run-tally.ts'
import type { Service } from './service.ts'

/** Keeps the tally of task runs short on PostgreSQL, where each statement appends to it. */
async function addUp({ database }: Context): Promise<number> {
  return database.dialect === 'sqlite' ? 0 : database.write(addUpTally)
}

export const tally: Service = {
  name: 'tally',
  every: 10,
  run: addUp,
  /** Never by itself: a clock that skips time need not stop for it. */
  due: () => Promise.resolve(undefined),
}
