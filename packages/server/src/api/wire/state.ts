import type { State } from '@reeve/orchestration/types'
import { formatTimestamp } from '@reeve/schemas/time'

/** A state as the contract prints it: every key of the details, in the contract's order. */
export function wireState(state: State | null) {
  if (!state) return null
  const d = state.state_details
  return {
    id: state.id,
    type: state.type,
    name: state.name,
    timestamp: formatTimestamp(state.timestamp),
    message: state.message,
    data: state.data,
    state_details: {
      flow_run_id: d.flow_run_id ?? null,
      task_run_id: d.task_run_id ?? null,
      child_flow_run_id: d.child_flow_run_id ?? null,
      scheduled_time: d.scheduled_time ?? null,
      cache_key: d.cache_key ?? null,
      cache_expiration: d.cache_expiration ?? null,
      deferred: d.deferred === undefined ? false : d.deferred,
      untrackable_result: d.untrackable_result ?? false,
      pause_timeout: d.pause_timeout ?? null,
      pause_reschedule: d.pause_reschedule ?? false,
      pause_key: d.pause_key ?? null,
      run_input_keyset: d.run_input_keyset ?? null,
      refresh_cache: d.refresh_cache ?? null,
      retriable: d.retriable ?? null,
      transition_id: d.transition_id ?? null,
      task_parameters_id: d.task_parameters_id ?? null,
      traceparent: d.traceparent ?? null,
      deployment_concurrency_lease_id: d.deployment_concurrency_lease_id ?? null,
    },
  }
}
