import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { FlowRun, FlowRunCreate } from '../flow-run.ts'
import { OLDEST_START_SECONDS } from '../pipeline.ts'
import { route } from '../route.ts'
import { OrchestrationResult, StateCreate, StateType } from '../state.ts'
import { TaskRun, TaskRunCreate } from '../task-run.ts'

/**
 * `result` is null when the run was there already: then nothing was proposed; `end` is null when it was not given
 * or not put. `flow_run_state_type` is that of the flow run around it when this was decided.
 */
const TaskRunStart = z
  .object({
    task_run: TaskRun,
    result: OrchestrationResult.nullable(),
    end: OrchestrationResult.nullable(),
    flow_run_state_type: StateType.nullable(),
  })
  .meta({ id: 'TaskRunStart' })

const FlowRunStart = z
  .object({ flow_run: FlowRun, result: OrchestrationResult.nullable() })
  .meta({ id: 'FlowRunStart' })

/**
 * Both answer with the run as it was before `state` was proposed, and with what became of the proposal. `end` is
 * put after it, once that is accepted: the end of a function that began `age_seconds` ago and is over already.
 */
export const startTaskRun = route({
  id: 'startTaskRun',
  method: 'POST',
  path: '/task_runs/start',
  tag: 'task-runs',
  summary: 'Create a task run and propose a state to it, in one transaction',
  body: embedded({
    task_run: TaskRunCreate,
    state: StateCreate,
    end: StateCreate.optional(),
    age_seconds: z.number().min(0).max(OLDEST_START_SECONDS).default(0),
  }),
  responses: { 200: TaskRunStart, 201: TaskRunStart },
  extension: true,
})

export const startFlowRun = route({
  id: 'startFlowRun',
  method: 'POST',
  path: '/flow_runs/start',
  tag: 'flow-runs',
  summary: 'Create a flow run and propose a state to it, in one transaction',
  body: embedded({ flow_run: FlowRunCreate, state: StateCreate }),
  responses: { 200: FlowRunStart, 201: FlowRunStart },
  extension: true,
})
