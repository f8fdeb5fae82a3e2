import type { Migration } from './index.ts'

const run = `
  name text not null,
  state_id {uuid}, state_type text, state_name text, state_timestamp {timestamp},
  run_count {integer} not null,
  expected_start_time {timestamp}, next_scheduled_start_time {timestamp},
  start_time {timestamp}, end_time {timestamp}, total_run_time {real} not null,
  empirical_policy {json}, tags {json}, labels {json}`

const base = `id {uuid} not null primary key, created {timestamp} not null, updated {timestamp} not null`

const state = `
  type text not null, name text, timestamp {timestamp} not null, message text,
  state_details {json}, data {json}, result_artifact_id {uuid}`

const artifact = `
  key text, type text, description text, data {json}, metadata_ {json},
  flow_run_id {uuid}, task_run_id {uuid}`

export const initial: Migration = {
  version: 1,
  name: 'initial',
  statements: [
    `create table flow (${base}, name text not null unique, tags {json}, labels {json})`,

    `create table work_pool (${base}, name text not null unique, type text not null)`,
    `create table work_queue (${base}, name text not null, work_pool_id {uuid} references work_pool on delete cascade)`,
    `create unique index work_queue_name on work_queue (work_pool_id, name)`,

    `create table concurrency_limit (${base},
      active {boolean} not null, name text not null unique, "limit" {integer} not null,
      active_slots {integer} not null, denied_slots {integer} not null,
      slot_decay_per_second {real} not null, avg_slot_occupancy_seconds {real} not null,
      counted {timestamp} not null)`,
    `create table concurrency_lease (
      id {uuid} not null primary key, created {timestamp} not null, expiration {timestamp} not null,
      slots {integer} not null, holder_type text, holder_id {uuid})`,
    `create index concurrency_lease_expiration on concurrency_lease (expiration)`,
    `create index concurrency_lease_holder on concurrency_lease (holder_id) where holder_id is not null`,
    `create table concurrency_lease_limit (
      lease_id {uuid} not null references concurrency_lease on delete cascade,
      limit_id {uuid} not null references concurrency_limit on delete cascade,
      primary key (lease_id, limit_id))`,
    `create index concurrency_lease_limit_limit on concurrency_lease_limit (limit_id)`,

    `create table deployment (${base},
      name text not null, version text, flow_id {uuid} not null references flow on delete cascade,
      paused {boolean} not null, tags {json}, labels {json}, parameters {json},
      work_queue_id {uuid} references work_queue on delete set null, work_queue_name text,
      concurrency_limit_id {uuid} references concurrency_limit on delete set null, concurrency_options {json})`,
    `create unique index deployment_flow_name on deployment (flow_id, name)`,
    `create index deployment_work_queue on deployment (work_queue_id)`,
    `create index deployment_concurrency_limit on deployment (concurrency_limit_id)`,

    `create table block_type (${base},
      name text not null, slug text not null unique, logo_url text, documentation_url text,
      description text, code_example text, is_protected {boolean} not null)`,
    `create table block_schema (${base},
      checksum text not null, fields {json}, capabilities {json},
      block_type_id {uuid} not null references block_type on delete cascade, version text not null)`,
    `create unique index block_schema_checksum on block_schema (checksum, version)`,
    `create index block_schema_type on block_schema (block_type_id)`,
    `create table block_schema_reference (${base},
      name text not null,
      parent_block_schema_id {uuid} not null references block_schema on delete cascade,
      reference_block_schema_id {uuid} not null references block_schema on delete cascade)`,
    `create index block_schema_reference_parent on block_schema_reference (parent_block_schema_id)`,
    `create index block_schema_reference_child on block_schema_reference (reference_block_schema_id)`,
    `create table block_document (${base},
      name text not null, sealed text not null, is_anonymous {boolean} not null,
      block_type_id {uuid} not null references block_type on delete cascade,
      block_schema_id {uuid} not null references block_schema on delete cascade)`,
    `create unique index block_document_name on block_document (block_type_id, name)`,
    `create index block_document_schema on block_document (block_schema_id)`,
    `create table block_document_reference (${base},
      name text not null,
      parent_block_document_id {uuid} not null references block_document on delete cascade,
      reference_block_document_id {uuid} not null references block_document on delete cascade)`,
    `create index block_document_reference_parent on block_document_reference (parent_block_document_id)`,
    `create index block_document_reference_child on block_document_reference (reference_block_document_id)`,

    `create table flow_run (${base}, ${run},
      flow_id {uuid} not null references flow on delete cascade,
      deployment_id {uuid}, deployment_version text,
      work_queue_id {uuid} references work_queue on delete set null, work_queue_name text,
      flow_version text, parameters {json}, idempotency_key text, context {json},
      parent_task_run_id {uuid}, auto_scheduled {boolean} not null,
      infrastructure_document_id {uuid} references block_document on delete cascade,
      infrastructure_pid text, created_by {json}, job_variables {json})`,
    `create table task_run (${base}, ${run},
      flow_run_id {uuid} references flow_run on delete cascade,
      task_key text not null, dynamic_key text not null,
      cache_key text, cache_expiration {timestamp}, task_version text,
      task_inputs {json}, flow_run_run_count {integer} not null)`,
    `create unique index task_run_natural_key on task_run (flow_run_id, task_key, dynamic_key)`,
    `create index task_run_expected_start_time on task_run (expected_start_time)`,
    `create index task_run_without_flow_run on task_run (task_key, dynamic_key) where flow_run_id is null`,

    `create unique index flow_run_idempotency_key on flow_run (flow_id, idempotency_key) where idempotency_key is not null`,
    `create index flow_run_flow on flow_run (flow_id)`,
    `create index flow_run_deployment on flow_run (deployment_id) where deployment_id is not null`,
    `create index flow_run_parent_task_run on flow_run (parent_task_run_id) where parent_task_run_id is not null`,
    `create index flow_run_work_queue on flow_run (work_queue_id) where work_queue_id is not null`,
    `create index flow_run_infrastructure_document on flow_run (infrastructure_document_id) where infrastructure_document_id is not null`,
    `create index flow_run_expected_start_time on flow_run (expected_start_time)`,
    `create index flow_run_start_time on flow_run (coalesce(start_time, expected_start_time))`,
    `create index flow_run_end_time on flow_run (end_time)`,
    `create index flow_run_next_scheduled on flow_run (next_scheduled_start_time) where next_scheduled_start_time is not null`,
    `create index flow_run_state_type on flow_run (state_type, expected_start_time)`,

    `create table flow_run_state (id {uuid} not null primary key, ${state},
      flow_run_id {uuid} not null references flow_run on delete cascade)`,
    `create unique index flow_run_state_timestamp on flow_run_state (flow_run_id, timestamp)`,
    `create table task_run_state (id {uuid} not null primary key, ${state},
      task_run_id {uuid} not null references task_run on delete cascade)`,
    `create unique index task_run_state_timestamp on task_run_state (task_run_id, timestamp)`,
    `create table task_run_state_cache (
      id {uuid} not null primary key, created {timestamp} not null, cache_key text not null,
      cache_expiration {timestamp}, task_run_state_id {uuid} not null)`,
    `create index task_run_state_cache_key on task_run_state_cache (cache_key, created)`,

    `create table flow_run_input (${base},
      flow_run_id {uuid} not null references flow_run on delete cascade,
      key text not null, value {json}, sender text)`,
    `create unique index flow_run_input_key on flow_run_input (flow_run_id, key)`,

    `create table log (id {uuid} not null primary key, created {timestamp} not null,
      name text not null, level {integer} not null, message text not null, timestamp {timestamp} not null,
      flow_run_id {uuid}, task_run_id {uuid})`,
    `create index log_flow_run on log (flow_run_id, timestamp) where flow_run_id is not null`,
    `create index log_task_run on log (task_run_id, timestamp) where task_run_id is not null`,
    `create index log_timestamp on log (timestamp)`,

    `create table artifact (${base}, ${artifact})`,
    `create index artifact_key on artifact (key, created) where key is not null`,
    `create index artifact_flow_run on artifact (flow_run_id) where flow_run_id is not null`,
    `create index artifact_task_run on artifact (task_run_id) where task_run_id is not null`,
    `create table artifact_collection (${base}, ${artifact}, latest_id {uuid} not null)`,
    `create unique index artifact_collection_key on artifact_collection (key)`,
    `create index artifact_collection_latest on artifact_collection (latest_id)`,

    `create table variable (${base}, name text not null unique, value {json}, tags {json})`,
    `create table saved_search (${base}, name text not null unique, filters {json})`,
    `create table csrf_token (${base}, token text not null, client text not null unique, expiration {timestamp} not null)`,
    `create table configuration (${base}, key text not null unique, value {json})`,

    `create table event (id {uuid} not null primary key, occurred {timestamp} not null, received {timestamp} not null,
      event text not null, resource_id text not null, resource {json}, related {json}, payload {json}, follows {uuid})`,
    `create index event_occurred on event (occurred)`,
    `create index event_name on event (event, occurred)`,
    `create index event_resource_id on event (resource_id, occurred)`,
    `create table event_resource (resource_id text not null, occurred {timestamp} not null, event_id {uuid} not null,
      primary key (resource_id, occurred, event_id)) {clustered}`,
  ],
}
