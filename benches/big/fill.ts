import { insertRows } from '../../packages/server/src/database/bulk.ts'
import type { Database } from '../../packages/server/src/database/database.ts'
import { flowRows, flowRunRows, flowRunsFor } from './rows.ts'

const TOGETHER = 4

/** Fills a new database with that many task runs of the 30 days before `now`, and their flow runs, states and logs. */
export async function fill(
  database: Database,
  { taskRuns, now }: { taskRuns: number; now: number },
): Promise<void> {
  const flows = flowRows(now)
  await database.write((session) => insertRows(session, 'flow', flows))
  const flowRuns = flowRunsFor(taskRuns)
  let number = 0
  const worker = async () => {
    while (number < flowRuns) {
      const rows = flowRunRows({ number: number++, taskRuns, now }, flows)
      await database.write(async (session) => {
        await insertRows(session, 'flow_run', [rows.flow_run])
        await insertRows(session, 'flow_run_state', rows.flow_run_state)
        await insertRows(session, 'task_run', rows.task_run)
        await insertRows(session, 'task_run_state', rows.task_run_state)
        await insertRows(session, 'log', rows.log)
      })
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, worker))
}
