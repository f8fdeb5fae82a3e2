import type { State } from '@reeve/orchestration/types'
import type { StateType } from '@reeve/schemas/state-type'
import { TaskRunCreate } from '@reeve/schemas/task-run'
import { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { Context } from '../../src/context.ts'
import { insertRows } from '../../src/database/bulk.ts'
import { serverState } from '../../src/models/server-state.ts'
import { SERVER_CLIENT } from '../../src/models/rule-context.ts'

/** A flow; returns its id. */
export async function makeFlow(context: Context, name = 'a flow'): Promise<string> {
  const now = context.clock.now()
  const row = { id: context.ids.random(), created: now, updated: now, name, tags: [], labels: {} }
  await context.database.write((session) => insertRows(session, 'flow', [row]))
  return row.id
}

/** A flow run in the given state; returns its id. */
export async function makeFlowRun(
  context: Context,
  given: Partial<FlowRunCreate> & { flow_id: string },
  type: StateType = 'RUNNING',
): Promise<string> {
  const flowRun = FlowRunCreate.parse(given)
  const creation = {
    flowRun,
    state: serverState(type, context),
    work_queue: null,
    created_by: null,
    client: SERVER_CLIENT,
  }
  const made = await context.hotPath.createFlowRun(creation)
  return made.flowRun.id
}

/** What `hotPath.createTaskRun` takes. */
export function taskRunCreation(
  context: Context,
  given: Partial<TaskRunCreate> = {},
  state: State = serverState('PENDING', context),
) {
  const taskRun = TaskRunCreate.parse({ task_key: 'a task', dynamic_key: '0', ...given })
  return { taskRun, state, client: SERVER_CLIENT }
}

/** What `hotPath.setTaskRunState` takes. */
export function proposal(context: Context, task_run_id: string, type: StateType, more: Partial<State> = {}) {
  return { task_run_id, state: serverState(type, context, more), force: false, client: SERVER_CLIENT }
}
