/** Every key that a Prefect client writes into a state's details, most of them null. */
const DETAILS = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
}

function state(type: string, name: string, taskRunId: string | null) {
  return {
    type,
    name,
    message: null,
    state_details: { ...DETAILS, task_run_id: taskRunId },
    data: null,
  }
}

/** The body with which a client makes a task run that is about to start. */
export function taskRunBody(flowRunId: string, key: string): string {
  return JSON.stringify({
    state: state('PENDING', 'Pending', null),
    name: `add-${key}`,
    flow_run_id: flowRunId,
    task_key: 'add-2b417e07',
    dynamic_key: key,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: 0,
      retry_delay: 0,
      retry_jitter_factor: null,
    },
    tags: [],
    task_inputs: { a: [], b: [] },
  })
}

export function setStateBody(taskRunId: string, type: 'RUNNING' | 'COMPLETED'): string {
  const name = type === 'RUNNING' ? 'Running' : 'Completed'
  return JSON.stringify({ state: state(type, name, taskRunId), force: false })
}
