import { z } from 'zod'
import { GlobalConcurrencyLimit } from './concurrency-limit-v2.ts'
import { CreatedBy } from './created-by.ts'
import { page } from './pagination.ts'
import { FlowRunPolicy } from './policies.ts'
import { Bool, JsonRecord, Labels, Tags, TimestampText, Uuid, UuidText, int } from './scalars.ts'
import { StateCreate } from './state.ts'

export const ConcurrencyOptions = z
  .object({
    collision_strategy: z.enum(['ENQUEUE', 'CANCEL_NEW']).meta({ id: 'ConcurrencyLimitStrategy' }),
    grace_period_seconds: int({ ge: 60, le: 86_400 }).nullable().default(null),
  })
  .meta({ id: 'ConcurrencyOptions' })

/** Where a version came from; taken and not kept. */
const VersionInfo = z.looseObject({ type: z.string(), version: z.string() }).meta({ id: 'VersionInfo' })

const optionalText = z.string().nullable().optional()

/**
 * A deployment to create, or to replace the one of this flow and name. Keys that are left out are kept when
 * it is there already, but for parameters and labels. Schedules are not taken yet.
 */
export const DeploymentCreate = z
  .strictObject({
    name: z.string(),
    flow_id: Uuid,
    paused: Bool.optional(),
    schedules: z.array(JsonRecord).optional(),
    concurrency_limit: int({ gt: 0 }).nullable().optional(),
    concurrency_options: ConcurrencyOptions.nullable().optional(),
    global_concurrency_limit_id: Uuid.nullable().optional(),
    enforce_parameter_schema: Bool.optional(),
    parameter_openapi_schema: JsonRecord.nullable().optional(),
    parameters: JsonRecord.default(() => ({})),
    tags: Tags.optional(),
    labels: Labels.nullable().optional(),
    pull_steps: z.array(JsonRecord).nullable().optional(),
    work_queue_name: optionalText,
    work_pool_name: optionalText,
    storage_document_id: Uuid.nullable().optional(),
    infrastructure_document_id: Uuid.nullable().optional(),
    description: optionalText,
    path: optionalText,
    version: optionalText,
    entrypoint: optionalText,
    job_variables: JsonRecord.optional(),
    version_info: VersionInfo.nullable().optional(),
    schedule: JsonRecord.nullable().optional(),
    is_schedule_active: Bool.nullable().optional(),
    infra_overrides: JsonRecord.nullable().optional(),
    manifest_path: optionalText,
  })
  .meta({ id: 'DeploymentCreate' })
export interface DeploymentCreate extends z.infer<typeof DeploymentCreate> {}

/** A deployment on the wire. */
export const Deployment = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    version: z.string().nullable(),
    description: z.string().nullable(),
    flow_id: UuidText,
    paused: z.boolean(),
    schedules: z.array(JsonRecord),
    concurrency_limit: z.int().nullable(),
    global_concurrency_limit: GlobalConcurrencyLimit.nullable(),
    concurrency_options: ConcurrencyOptions.nullable(),
    job_variables: JsonRecord,
    parameters: JsonRecord,
    tags: Tags,
    labels: Labels,
    work_queue_name: z.string().nullable(),
    work_queue_id: UuidText.nullable(),
    last_polled: TimestampText.nullable(),
    parameter_openapi_schema: JsonRecord.nullable(),
    path: z.string().nullable(),
    pull_steps: z.array(JsonRecord).nullable(),
    entrypoint: z.string().nullable(),
    storage_document_id: UuidText.nullable(),
    infrastructure_document_id: UuidText.nullable(),
    created_by: CreatedBy.nullable(),
    updated_by: CreatedBy.nullable(),
    work_pool_name: z.string().nullable(),
    status: z.enum(['READY', 'NOT_READY']).nullable().meta({ id: 'DeploymentStatus' }),
    enforce_parameter_schema: z.boolean(),
  })
  .meta({ id: 'DeploymentResponse' })
export interface Deployment extends z.infer<typeof Deployment> {}

export const DeploymentPage = page('DeploymentPaginationResponse', Deployment)

/** A run of a deployment to create; parameters lie over the deployment's. */
export const DeploymentFlowRunCreate = z
  .strictObject({
    state: StateCreate.nullable().default(null),
    name: z.string().nullable().default(null),
    parameters: JsonRecord.default(() => ({})),
    enforce_parameter_schema: Bool.nullable().default(null),
    context: JsonRecord.default(() => ({})),
    infrastructure_document_id: Uuid.nullable().default(null),
    empirical_policy: FlowRunPolicy.prefault({}),
    tags: Tags.default(() => []),
    idempotency_key: z.string().nullable().default(null),
    labels: Labels.nullable().default(null),
    parent_task_run_id: Uuid.nullable().default(null),
    work_queue_name: z.string().nullable().default(null),
    job_variables: JsonRecord.nullable().default(() => ({})),
  })
  .meta({ id: 'DeploymentFlowRunCreate' })
export interface DeploymentFlowRunCreate extends z.infer<typeof DeploymentFlowRunCreate> {}
