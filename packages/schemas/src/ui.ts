import { z } from 'zod'
import { Seconds, TimestampText, UuidText } from './scalars.ts'
import { STATE_TYPES, type StateType as StateTypeName } from './state-type.ts'
import { StateType } from './state.ts'
import { TaskRun } from './task-run.ts'

/** A flow run as a dot in a chart; durations in seconds. */
export const SimpleFlowRun = z
  .object({
    id: UuidText,
    state_type: StateType,
    timestamp: TimestampText,
    duration: Seconds,
    lateness: Seconds,
  })
  .meta({ id: 'SimpleFlowRun' })
export interface SimpleFlowRun extends z.infer<typeof SimpleFlowRun> {}

/** The next run of a flow that is scheduled. */
export const SimpleNextFlowRun = z
  .object({
    id: UuidText,
    flow_id: UuidText,
    name: z.string(),
    state_name: z.string(),
    state_type: StateType,
    next_scheduled_start_time: TimestampText,
  })
  .meta({ id: 'SimpleNextFlowRun' })
export interface SimpleNextFlowRun extends z.infer<typeof SimpleNextFlowRun> {}

/** Task runs of one slice of the dashboard's time span. */
export const TaskRunCount = z.object({ completed: z.int(), failed: z.int() }).meta({ id: 'TaskRunCount' })
export interface TaskRunCount extends z.infer<typeof TaskRunCount> {}

const counts = Object.fromEntries(STATE_TYPES.map((type) => [type, z.int().default(0)]))

/** A number of runs for each of the nine state types. */
export const CountByState = z
  .object(counts as { [Type in StateTypeName]: z.ZodDefault<z.ZodInt> })
  .meta({ id: 'CountByState' })
export interface CountByState extends z.infer<typeof CountByState> {}

/** A task run with the name of its flow run. */
export const UITaskRun = TaskRun.extend({ flow_run_name: z.string().nullable() }).meta({ id: 'UITaskRun' })
export interface UITaskRun extends z.infer<typeof UITaskRun> {}

/** What is wrong with a value, nested as the value is. */
export type SchemaValueError =
  | string
  | { property: string; errors: SchemaValueError[] }
  | { index: number; errors: SchemaValueError[] }

const SchemaValueError: z.ZodType<SchemaValueError> = z
  .union([
    z.string(),
    z
      .object({ property: z.string(), errors: z.array(z.lazy(() => SchemaValueError)) })
      .meta({ id: 'SchemaValuePropertyError' }),
    z
      .object({ index: z.int(), errors: z.array(z.lazy(() => SchemaValueError)) })
      .meta({ id: 'SchemaValueIndexError' }),
  ])
  .meta({ id: 'SchemaValueError' })

/** Whether values fit a JSON Schema, and where they do not. */
export const SchemaValuesValidation = z
  .object({ errors: z.array(SchemaValueError), valid: z.boolean() })
  .meta({ id: 'SchemaValuesValidationResponse' })
export interface SchemaValuesValidation extends z.infer<typeof SchemaValuesValidation> {}
