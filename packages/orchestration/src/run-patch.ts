import type { FlowRun, FlowRunPolicy, RunTimes, TaskRun } from './types.ts'

const TIMES = [
  'run_count',
  'start_time',
  'end_time',
  'total_run_time',
  'expected_start_time',
  'next_scheduled_start_time',
] as const satisfies readonly (keyof RunTimes)[]

/** The fields of a flow run which a transition moved, with their new values. */
export function flowRunPatch(before: FlowRun, after: FlowRun): Partial<FlowRun> {
  const patch: Partial<FlowRun> = movedTimes(before, after)
  if (!samePolicy(before.empirical_policy, after.empirical_policy)) {
    patch.empirical_policy = after.empirical_policy
  }
  return patch
}

/** The fields of a task run which a transition moved, with their new values. */
export function taskRunPatch(before: TaskRun, after: TaskRun): Partial<TaskRun> {
  const patch: Partial<TaskRun> = movedTimes(before, after)
  if (before.flow_run_run_count !== after.flow_run_run_count) {
    patch.flow_run_run_count = after.flow_run_run_count
  }
  return patch
}

function movedTimes(before: RunTimes, after: RunTimes): Partial<RunTimes> {
  const moved: Partial<Record<keyof RunTimes, number | null>> = {}
  for (const field of TIMES) {
    if (before[field] !== after[field]) moved[field] = after[field]
  }
  return moved as Partial<RunTimes>
}

function samePolicy(a: FlowRunPolicy, b: FlowRunPolicy): boolean {
  if (a === b) return true
  return (
    a.retries === b.retries &&
    a.retry_delay === b.retry_delay &&
    a.resuming === b.resuming &&
    a.retry_type === b.retry_type &&
    a.pause_keys.length === b.pause_keys.length &&
    a.pause_keys.every((key, index) => key === b.pause_keys[index])
  )
}
