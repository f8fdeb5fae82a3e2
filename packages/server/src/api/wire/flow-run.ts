import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import type { FlowRunRecord } from '../../models/records.ts'
import { estimatedRunTime, estimatedStartTimeDelta } from './estimates.ts'
import { wireState } from './state.ts'
import { wireTime } from './times.ts'

const EMPTY_POLICY = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: null,
  retry_delay: null,
  pause_keys: [],
  resuming: false,
  retry_type: null,
}

/** A flow run as the contract prints it; `now` counts for what is still running or late. */
export function wireFlowRun(run: FlowRunRecord, now: Timestamp) {
  return {
    id: run.id,
    created: formatTimestamp(run.created),
    updated: formatTimestamp(run.updated),
    name: run.name,
    flow_id: run.flow_id,
    state_id: run.state_id,
    deployment_id: run.deployment_id,
    deployment_version: run.deployment_version,
    work_queue_id: run.work_queue_id,
    work_queue_name: run.work_queue_name,
    flow_version: run.flow_version,
    parameters: run.parameters,
    idempotency_key: run.idempotency_key,
    context: run.context,
    empirical_policy: { ...EMPTY_POLICY, ...run.empirical_policy },
    tags: run.tags,
    labels: run.labels,
    parent_task_run_id: run.parent_task_run_id,
    state_type: run.state_type,
    state_name: run.state_name,
    run_count: run.run_count,
    expected_start_time: wireTime(run.expected_start_time),
    next_scheduled_start_time: wireTime(run.next_scheduled_start_time),
    start_time: wireTime(run.start_time),
    end_time: wireTime(run.end_time),
    total_run_time: run.total_run_time,
    estimated_run_time: estimatedRunTime(run, now),
    estimated_start_time_delta: estimatedStartTimeDelta(run, now),
    auto_scheduled: run.auto_scheduled,
    infrastructure_document_id: run.infrastructure_document_id,
    infrastructure_pid: run.infrastructure_pid,
    created_by: run.created_by,
    work_pool_id: run.work_pool_id,
    work_pool_name: run.work_pool_name,
    state: wireState(run.state),
    job_variables: run.job_variables,
  }
}
