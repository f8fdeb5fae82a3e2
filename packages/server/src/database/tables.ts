import type { JsonObject } from '@reeve/schemas/json'
import * as c from './columns.ts'
import type { Columns, RowOf } from './columns.ts'

/**
 * Every table, as columns of a kind. A name has one kind in all tables, which lets results be decoded by
 * name alone. Wire field = column, except what is computed at read.
 */
const base = { id: c.uuid, created: c.timestamp, updated: c.timestamp } satisfies Columns

const run = {
  name: c.text,
  state_id: c.uuidOrNull,
  state_type: c.textOrNull,
  state_name: c.textOrNull,
  state_timestamp: c.timestampOrNull,
  run_count: c.integer,
  expected_start_time: c.timestampOrNull,
  next_scheduled_start_time: c.timestampOrNull,
  start_time: c.timestampOrNull,
  end_time: c.timestampOrNull,
  total_run_time: c.real,
  empirical_policy: c.object,
  tags: c.tags,
  labels: c.object,
} satisfies Columns

const state = {
  id: c.uuid,
  type: c.text,
  /** null stands for the type's default name */
  name: c.textOrNull,
  timestamp: c.timestamp,
  message: c.textOrNull,
  state_details: c.object,
  data: c.json,
  result_artifact_id: c.uuidOrNull,
} satisfies Columns

const artifact = {
  key: c.textOrNull,
  type: c.textOrNull,
  description: c.textOrNull,
  data: c.json,
  metadata_: c.objectOrNull,
  flow_run_id: c.uuidOrNull,
  task_run_id: c.uuidOrNull,
} satisfies Columns

export const TABLES = {
  flow: { ...base, name: c.text, tags: c.tags, labels: c.object },
  flow_run: {
    ...base,
    ...run,
    flow_id: c.uuid,
    deployment_id: c.uuidOrNull,
    deployment_version: c.textOrNull,
    work_queue_id: c.uuidOrNull,
    work_queue_name: c.textOrNull,
    flow_version: c.textOrNull,
    parameters: c.object,
    idempotency_key: c.textOrNull,
    context: c.object,
    parent_task_run_id: c.uuidOrNull,
    auto_scheduled: c.boolean,
    infrastructure_document_id: c.uuidOrNull,
    infrastructure_pid: c.textOrNull,
    created_by: c.objectOrNull,
    job_variables: c.objectOrNull,
  },
  task_run: {
    ...base,
    ...run,
    flow_run_id: c.uuidOrNull,
    task_key: c.text,
    dynamic_key: c.text,
    cache_key: c.textOrNull,
    cache_expiration: c.timestampOrNull,
    task_version: c.textOrNull,
    task_inputs: c.object,
    flow_run_run_count: c.integer,
  },
  flow_run_state: { ...state, flow_run_id: c.uuid },
  task_run_state: { ...state, task_run_id: c.uuid },
  /** How many task runs an hour has: triggers keep it. A view on SQLite, as is the next. */
  task_run_tally: { measure: c.text, hour: c.integer, state_type: c.textOrNull, runs: c.integer },
  /** Sums over the task runs that are over, by the two minutes of their expected start; times in microseconds. */
  task_run_finished: {
    span: c.integer,
    state_type: c.textOrNull,
    state_name: c.textOrNull,
    runs: c.integer,
    run_time: c.integer,
    lateness: c.integer,
  },
  task_run_state_cache: {
    id: c.uuid,
    created: c.timestamp,
    cache_key: c.text,
    cache_expiration: c.timestampOrNull,
    task_run_state_id: c.uuid,
  },
  deployment: {
    ...base,
    name: c.text,
    version: c.textOrNull,
    flow_id: c.uuid,
    paused: c.boolean,
    tags: c.tags,
    labels: c.object,
    parameters: c.object,
    work_queue_id: c.uuidOrNull,
    work_queue_name: c.textOrNull,
    concurrency_limit_id: c.uuidOrNull,
    concurrency_options: c.objectOrNull,
    description: c.textOrNull,
    path: c.textOrNull,
    entrypoint: c.textOrNull,
    parameter_openapi_schema: c.objectOrNull,
    enforce_parameter_schema: c.boolean,
    pull_steps: c.jsonOf<JsonObject[] | null>(),
    job_variables: c.objectOrNull,
    status: c.text,
    last_polled: c.timestampOrNull,
    storage_document_id: c.uuidOrNull,
    infrastructure_document_id: c.uuidOrNull,
  },
  work_pool: { ...base, name: c.text, type: c.text },
  work_queue: { ...base, name: c.text, work_pool_id: c.uuidOrNull },
  flow_run_input: { ...base, flow_run_id: c.uuid, key: c.text, value: c.json, sender: c.textOrNull },
  log: {
    id: c.uuid,
    created: c.timestamp,
    name: c.text,
    level: c.integer,
    message: c.text,
    timestamp: c.timestamp,
    flow_run_id: c.uuidOrNull,
    task_run_id: c.uuidOrNull,
  },
  artifact: { ...base, ...artifact },
  artifact_collection: { ...base, ...artifact, latest_id: c.uuid },
  variable: { ...base, name: c.text, value: c.json, tags: c.tags },
  block_type: {
    ...base,
    name: c.text,
    slug: c.text,
    logo_url: c.textOrNull,
    documentation_url: c.textOrNull,
    description: c.textOrNull,
    code_example: c.textOrNull,
    is_protected: c.boolean,
  },
  block_schema: {
    ...base,
    checksum: c.text,
    fields: c.object,
    capabilities: c.tags,
    block_type_id: c.uuid,
    version: c.text,
  },
  block_schema_reference: {
    ...base,
    name: c.text,
    parent_block_schema_id: c.uuid,
    reference_block_schema_id: c.uuid,
  },
  block_document: {
    ...base,
    name: c.text,
    /** The encrypted data, base64 text. */
    sealed: c.text,
    is_anonymous: c.boolean,
    block_type_id: c.uuid,
    block_schema_id: c.uuid,
  },
  block_document_reference: {
    ...base,
    name: c.text,
    parent_block_document_id: c.uuid,
    reference_block_document_id: c.uuid,
  },
  flow_run_notification_policy: {
    ...base,
    is_active: c.boolean,
    state_names: c.tags,
    tags: c.tags,
    message_template: c.textOrNull,
    block_document_id: c.uuid,
  },
  concurrency_limit: {
    ...base,
    active: c.boolean,
    name: c.text,
    limit: c.integer,
    active_slots: c.integer,
    denied_slots: c.integer,
    slot_decay_per_second: c.real,
    avg_slot_occupancy_seconds: c.real,
    /** When the slots were last counted: decay runs from here. */
    counted: c.timestamp,
  },
  concurrency_lease: {
    id: c.uuid,
    created: c.timestamp,
    expiration: c.timestamp,
    slots: c.integer,
    holder_type: c.textOrNull,
    holder_id: c.uuidOrNull,
  },
  concurrency_lease_limit: { lease_id: c.uuid, limit_id: c.uuid },
  saved_search: { ...base, name: c.text, filters: c.json },
  event: {
    id: c.uuid,
    occurred: c.timestamp,
    received: c.timestamp,
    event: c.text,
    resource_id: c.text,
    resource: c.object,
    related: c.json,
    payload: c.object,
    follows: c.uuidOrNull,
  },
  /** Finds the events that name a resource as a related one; its role and labels stay in `event.related`. */
  event_resource: { resource_id: c.text, occurred: c.timestamp, event_id: c.uuid },
  /** Background task runs that wait for a worker. */
  task_run_queue: { task_run_id: c.uuid, task_key: c.text, is_retry: c.boolean, enqueued: c.timestamp },
  /** Background task runs that one connection of a worker was given at once, until it has acknowledged all. */
  task_run_claim: {
    id: c.uuid,
    holder: c.uuid,
    claimed: c.timestamp,
    expires: c.timestamp,
    task_run_ids: c.tags,
  },
  /** Connections of processes that wait for background task runs. */
  task_worker: { id: c.uuid, identifier: c.text, task_keys: c.tags, heard: c.timestamp },
  csrf_token: { ...base, token: c.text, client: c.text, expiration: c.timestamp },
  configuration: { ...base, key: c.text, value: c.json },
} satisfies { [table: string]: Columns }

export type TableName = keyof typeof TABLES

/** The database as Kysely and the models see it. */
export type Tables = { [Name in TableName]: RowOf<(typeof TABLES)[Name]> }

export type Row<Name extends TableName> = Tables[Name]
