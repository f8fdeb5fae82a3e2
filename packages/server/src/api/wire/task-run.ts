import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import type { TaskRunRecord } from '../../models/records.ts'
import { estimatedRunTime, estimatedStartTimeDelta } from './estimates.ts'
import { wireState } from './state.ts'
import { wireTime } from './times.ts'

const EMPTY_POLICY = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: null,
  retry_delay: null,
  retry_jitter_factor: null,
}

/** A task run as the contract prints it; `now` counts for what is still running or late. */
export function wireTaskRun(run: TaskRunRecord, now: Timestamp) {
  return {
    id: run.id,
    created: formatTimestamp(run.created),
    updated: formatTimestamp(run.updated),
    name: run.name,
    flow_run_id: run.flow_run_id,
    task_key: run.task_key,
    dynamic_key: run.dynamic_key,
    cache_key: run.cache_key,
    cache_expiration: wireTime(run.cache_expiration),
    task_version: run.task_version,
    empirical_policy: { ...EMPTY_POLICY, ...run.empirical_policy },
    tags: run.tags,
    labels: run.labels,
    state_id: run.state_id,
    task_inputs: run.task_inputs,
    state_type: run.state_type,
    state_name: run.state_name,
    run_count: run.run_count,
    flow_run_run_count: run.flow_run_run_count,
    expected_start_time: wireTime(run.expected_start_time),
    next_scheduled_start_time: wireTime(run.next_scheduled_start_time),
    start_time: wireTime(run.start_time),
    end_time: wireTime(run.end_time),
    total_run_time: run.total_run_time,
    estimated_run_time: estimatedRunTime(run, now),
    estimated_start_time_delta: estimatedStartTimeDelta(run, now),
    state: wireState(run.state),
  }
}
