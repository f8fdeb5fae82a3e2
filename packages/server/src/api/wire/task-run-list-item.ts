import type { Timestamp } from '@reeve/schemas/time'
import type { TaskRunRecord } from '../../models/records.ts'
import { wireTaskRun } from './task-run.ts'

/** The shorter task run of the paginated list. */
export function wireTaskRunListItem(run: TaskRunRecord, now: Timestamp) {
  const whole = wireTaskRun(run, now)
  return {
    id: whole.id,
    created: whole.created,
    updated: whole.updated,
    name: whole.name,
    flow_run_id: whole.flow_run_id,
    task_key: whole.task_key,
    state_id: whole.state_id,
    state: whole.state,
    task_version: whole.task_version,
    task_inputs: whole.task_inputs,
    empirical_policy: whole.empirical_policy,
    tags: whole.tags,
    start_time: whole.start_time,
    end_time: whole.end_time,
    total_run_time: whole.total_run_time,
    estimated_run_time: whole.estimated_run_time,
    estimated_start_time_delta: whole.estimated_start_time_delta,
  }
}
