import { z } from 'zod'
import { Uuid } from './scalars.ts'

/** The value came from another task run. */
export const TaskRunResult = z
  .object({ input_type: z.literal('task_run').default('task_run'), id: Uuid })
  .meta({ id: 'TaskRunResult' })
/** The value came from another flow run. */
export const FlowRunResult = z
  .object({ input_type: z.literal('flow_run').default('flow_run'), id: Uuid })
  .meta({ id: 'FlowRunResult' })
/** The value came from a parameter of the flow. */
export const Parameter = z
  .object({ input_type: z.literal('parameter').default('parameter'), name: z.string() })
  .meta({ id: 'Parameter' })
/** The value was written in the code; `type` names its class. */
export const Constant = z
  .object({ input_type: z.literal('constant').default('constant'), type: z.string() })
  .meta({ id: 'Constant' })

/** Where one input of a task came from; without `input_type` the other key decides. */
export const RunInput = z.union([TaskRunResult, FlowRunResult, Parameter, Constant])
export type RunInput = z.infer<typeof RunInput>

/** Inputs by parameter name, plus the special `wait_for` and `__parents__`. */
export const TaskInputs = z.record(z.string(), z.array(RunInput))
export type TaskInputs = z.infer<typeof TaskInputs>
