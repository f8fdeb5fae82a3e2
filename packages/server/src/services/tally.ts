import type { Context } from '../context.ts'
import { addUpTally } from '../models/task-run-tally.ts'
import type { Service } from './service.ts'

/** Keeps the tally of task runs short, where each statement appends to it. */
async function addUp({ database }: Context): Promise<number> {
  return database.exclusive ? 0 : database.write(addUpTally)
}

export const tally: Service = { name: 'tally', every: 10, run: addUp }
