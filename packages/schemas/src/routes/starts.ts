import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { FlowRun, FlowRunCreate } from '../flow-run.ts'
import { MOST_STARTS_ALONG, OLDEST_START_SECONDS } from '../pipeline.ts'
import { route } from '../route.ts'
import { orNull } from '../scalar.ts'
import { Uuid } from '../scalars.ts'
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

/** `result` as of a task run; a place in `task_runs` is null when that run was not made. */
const FlowRunStart = z
  .object({
    flow_run: FlowRun,
    result: OrchestrationResult.nullable(),
    task_runs: z.array(TaskRunStart.nullable()),
  })
  .meta({ id: 'FlowRunStart' })

const age_seconds = z.number().min(0).max(OLDEST_START_SECONDS).default(0)

const taskRunStart = {
  task_run: TaskRunCreate,
  state: StateCreate,
  end: StateCreate.optional(),
  age_seconds,
}

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
  body: embedded(taskRunStart),
  responses: { 200: TaskRunStart, 201: TaskRunStart },
  extension: true,
})

/** A run with this `id` is answered as it is. `task_runs` are of this flow run, and made once it is running. */
export const startFlowRun = route({
  id: 'startFlowRun',
  method: 'POST',
  path: '/flow_runs/start',
  tag: 'flow-runs',
  summary: 'Create a flow run, propose a state to it and start task runs of it, in one transaction',
  body: embedded({
    flow_run: FlowRunCreate.extend({ id: orNull(Uuid) }),
    state: StateCreate,
    age_seconds,
    task_runs: z
      .array(embedded(taskRunStart))
      .max(MOST_STARTS_ALONG)
      .default(() => []),
  }),
  responses: { 200: FlowRunStart, 201: FlowRunStart },
  extension: true,
})
