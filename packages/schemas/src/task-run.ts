import { z } from 'zod'
import { page } from './pagination.ts'
import { TaskRunPolicy } from './policies.ts'
import { TaskInputs } from './run-input.ts'
import { orNull } from './scalar.ts'
import { Labels, Seconds, Tags, Text, TimestampInput, TimestampText, Uuid, UuidText } from './scalars.ts'
import { State, StateCreate, type StateDetails, StateType } from './state.ts'

/** A task run on the wire; durations in seconds. */
export const TaskRun = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    flow_run_id: UuidText.nullable(),
    task_key: z.string(),
    dynamic_key: z.string(),
    cache_key: z.string().nullable(),
    cache_expiration: TimestampText.nullable(),
    task_version: z.string().nullable(),
    empirical_policy: TaskRunPolicy,
    tags: Tags,
    labels: Labels.nullable(),
    state_id: UuidText.nullable(),
    task_inputs: TaskInputs,
    state_type: StateType.nullable(),
    state_name: z.string().nullable(),
    run_count: z.int(),
    flow_run_run_count: z.int(),
    expected_start_time: TimestampText.nullable(),
    next_scheduled_start_time: TimestampText.nullable(),
    start_time: TimestampText.nullable(),
    end_time: TimestampText.nullable(),
    total_run_time: Seconds,
    estimated_run_time: Seconds,
    estimated_start_time_delta: Seconds,
    state: State.nullable(),
  })
  .meta({ id: 'TaskRun' })
export interface TaskRun extends z.infer<typeof TaskRun> {}

/** What a worker is told of a run that waits for it; a whole task run says it too. */
export interface WaitingTaskRun extends Pick<
  TaskRun,
  'id' | 'name' | 'task_key' | 'flow_run_id' | 'tags' | 'labels' | 'run_count'
> {
  state: { name: string; state_details: Pick<StateDetails, 'task_parameters_id'> } | null
}

const optionalText = orNull(Text)

/** A task run to create; one with the same flow run, task key and dynamic key is answered unchanged. A missing, null or empty name gets a random one. */
export const TaskRunCreate = z
  .strictObject({
    id: orNull(Uuid),
    state: StateCreate.nullable().default(null),
    name: optionalText,
    flow_run_id: orNull(Uuid),
    task_key: Text,
    dynamic_key: Text,
    cache_key: optionalText,
    cache_expiration: orNull(TimestampInput),
    task_version: optionalText,
    empirical_policy: TaskRunPolicy.prefault({}),
    tags: Tags.default(() => []),
    labels: Labels.nullable().default(() => ({})),
    task_inputs: TaskInputs.default(() => ({})),
  })
  .meta({ id: 'TaskRunCreate' })
export interface TaskRunCreate extends z.infer<typeof TaskRunCreate> {}

/** Only the keys that are present are written. A null name gets a random one. */
export const TaskRunUpdate = z.strictObject({ name: z.string().nullish() }).meta({ id: 'TaskRunUpdate' })
export interface TaskRunUpdate extends z.infer<typeof TaskRunUpdate> {}

/** The shorter task run of the paginated list. */
export const TaskRunListItem = TaskRun.pick({
  id: true,
  created: true,
  updated: true,
  name: true,
  flow_run_id: true,
  task_key: true,
  state_id: true,
  state: true,
  task_version: true,
  task_inputs: true,
  empirical_policy: true,
  tags: true,
  start_time: true,
  end_time: true,
  total_run_time: true,
  estimated_run_time: true,
  estimated_start_time_delta: true,
}).meta({ id: 'TaskRunResponse' })
export interface TaskRunListItem extends z.infer<typeof TaskRunListItem> {}

export const TaskRunPage = page('TaskRunPaginationResponse', TaskRunListItem)
export interface TaskRunPage extends z.infer<typeof TaskRunPage> {}
