import type { LogCreate } from '@reeve/schemas/log'
import type { ModelContext } from '../context.ts'
import { batched } from '../database/batcher.ts'
import type { BatchHandler, Batched } from '../database/batcher.ts'
import type { Database } from '../database/database.ts'
import { beginFlowRuns } from './flow-run-starts.ts'
import type { BegunFlowRun, FlowRunBeginning } from './flow-run-starts.ts'
import { transitionFlowRuns } from './flow-run-transitions.ts'
import type { FlowRunProposal } from './flow-run-transitions.ts'
import { KnownRuns } from './known-runs.ts'
import { createLogs } from './logs.ts'
import type { TaskRunCreation } from './new-task-run.ts'
import type { TaskRunRecord } from './records.ts'
import { createTaskRuns } from './task-run-creation.ts'
import type { CreatedTaskRun } from './task-run-creation.ts'
import { takeTaskRuns } from './task-run-takes.ts'
import type { Taken, Taking } from './task-run-takes.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'
import type { Transitioned } from './transitioned.ts'
import { readTaskRunsById } from './task-runs.ts'

/** What comes by the thousand: calls that arrive together share a transaction and its statements. */
export interface HotPath {
  createFlowRun: Batched<FlowRunBeginning, BegunFlowRun>
  /** Undefined when there is no such run. */
  setFlowRunState: Batched<FlowRunProposal, Transitioned | undefined>
  createTaskRun: Batched<TaskRunCreation, CreatedTaskRun>
  /** Undefined when there is no such run. */
  setTaskRunState: Batched<TaskRunProposal, Transitioned | undefined>
  /** For a worker of background runs. */
  takeTaskRun: Batched<Taking, Taken>
  /** By id; undefined when there is no such run. */
  readTaskRun: Batched<string, TaskRunRecord | undefined>
  createLogs: Batched<readonly LogCreate[], void>
}

export function createHotPath(database: Database, context: ModelContext): HotPath {
  const write = <Item, Result>(handler: BatchHandler<Item, Result>) => batched(database, 'write', handler)
  const assuming = <Item, Result>(handler: BatchHandler<Item, Result>) =>
    batched(database, 'writeAssuming', handler)
  const knowing = database.dialect === 'postgres' ? { ...context, known: new KnownRuns() } : context
  return {
    createFlowRun: assuming<FlowRunBeginning, BegunFlowRun>((session, items) =>
      beginFlowRuns(session, items, knowing),
    ),
    setFlowRunState: assuming((session, items) => transitionFlowRuns(session, items, knowing)),
    createTaskRun: assuming<TaskRunCreation, CreatedTaskRun>((session, items) =>
      createTaskRuns(session, items, knowing),
    ),
    setTaskRunState: write((session, items) => transitionTaskRuns(session, items, context)),
    takeTaskRun: write((session, items) => takeTaskRuns(session, items, context)),
    readTaskRun: batched(database, 'read', async (session, ids) => {
      const runs = await readTaskRunsById(session, ids)
      return ids.map((id) => runs.get(id))
    }),
    createLogs: write(async (session, items) => {
      await createLogs(session, items.flat(), context)
      return items.map(() => undefined)
    }),
  }
}
