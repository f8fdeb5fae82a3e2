import { z } from 'zod'
import { CreatedBy } from './created-by.ts'
import { page } from './pagination.ts'
import { FlowRunPolicy } from './policies.ts'
import { orNull } from './scalar.ts'
import { JsonRecord, Labels, Seconds, Tags, Text, TimestampText, Uuid, UuidText } from './scalars.ts'
import { SetStateStatus, State, StateCreate, StateResponseDetails, StateType } from './state.ts'

/** A flow run on the wire; durations in seconds. */
export const FlowRun = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    flow_id: UuidText,
    state_id: UuidText.nullable(),
    deployment_id: UuidText.nullable(),
    deployment_version: z.string().nullable(),
    work_queue_id: UuidText.nullable(),
    work_queue_name: z.string().nullable(),
    flow_version: z.string().nullable(),
    parameters: JsonRecord,
    idempotency_key: z.string().nullable(),
    context: JsonRecord,
    empirical_policy: FlowRunPolicy,
    tags: Tags,
    labels: Labels,
    parent_task_run_id: UuidText.nullable(),
    state_type: StateType.nullable(),
    state_name: z.string().nullable(),
    run_count: z.int(),
    expected_start_time: TimestampText.nullable(),
    next_scheduled_start_time: TimestampText.nullable(),
    start_time: TimestampText.nullable(),
    end_time: TimestampText.nullable(),
    total_run_time: Seconds,
    estimated_run_time: Seconds,
    estimated_start_time_delta: Seconds,
    auto_scheduled: z.boolean(),
    infrastructure_document_id: UuidText.nullable(),
    infrastructure_pid: z.string().nullable(),
    created_by: CreatedBy.nullable(),
    work_pool_id: UuidText.nullable(),
    work_pool_name: z.string().nullable(),
    state: State.nullable(),
    job_variables: JsonRecord.nullable(),
  })
  .meta({ id: 'FlowRunResponse' })
export interface FlowRun extends z.infer<typeof FlowRun> {}

const optionalText = orNull(Text)
const optionalUuid = orNull(Uuid)

/** A flow run to create. A missing, null or empty name gets a random one; a known `idempotency_key` of the same flow answers the run that has it. */
export const FlowRunCreate = z
  .strictObject({
    state: StateCreate.nullable().default(null),
    name: optionalText,
    flow_id: Uuid,
    flow_version: optionalText,
    parameters: JsonRecord.default(() => ({})),
    context: JsonRecord.default(() => ({})),
    parent_task_run_id: optionalUuid,
    infrastructure_document_id: optionalUuid,
    empirical_policy: FlowRunPolicy.prefault({}),
    tags: Tags.default(() => []),
    labels: Labels.nullable().default(() => ({})),
    idempotency_key: optionalText,
    work_pool_name: optionalText,
    work_queue_name: optionalText,
    job_variables: orNull(JsonRecord),
    deployment_id: optionalUuid,
  })
  .meta({ id: 'FlowRunCreate' })
export interface FlowRunCreate extends z.infer<typeof FlowRunCreate> {}

/** Only the keys that are present are written. A null name gets a random one. */
export const FlowRunUpdate = z
  .strictObject({
    name: z.string().nullish(),
    flow_version: z.string().nullish(),
    parameters: JsonRecord.optional(),
    empirical_policy: FlowRunPolicy.optional(),
    tags: Tags.optional(),
    infrastructure_pid: z.string().nullish(),
    job_variables: JsonRecord.nullish(),
  })
  .meta({ id: 'FlowRunUpdate' })
export interface FlowRunUpdate extends z.infer<typeof FlowRunUpdate> {}

export const FlowRunPage = page('FlowRunPaginationResponse', FlowRun)
export interface FlowRunPage extends z.infer<typeof FlowRunPage> {}

/** The ids of the runs that a bulk delete removed. */
export const FlowRunBulkDeleteResponse = z
  .object({ deleted: z.array(UuidText) })
  .meta({ id: 'FlowRunBulkDeleteResponse' })
export interface FlowRunBulkDeleteResponse extends z.infer<typeof FlowRunBulkDeleteResponse> {}

const FlowRunOrchestrationResult = z
  .object({
    flow_run_id: UuidText,
    status: SetStateStatus,
    state: State.nullable(),
    details: StateResponseDetails,
  })
  .meta({ id: 'FlowRunOrchestrationResult' })

/** One orchestration result for each run that a bulk set-state touched. */
export const FlowRunBulkSetStateResponse = z
  .object({ results: z.array(FlowRunOrchestrationResult) })
  .meta({ id: 'FlowRunBulkSetStateResponse' })
export interface FlowRunBulkSetStateResponse extends z.infer<typeof FlowRunBulkSetStateResponse> {}
