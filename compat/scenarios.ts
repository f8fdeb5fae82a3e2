/** One program of `programs/`, run by the clients that can. Its name is the program's file name. */
export interface Scenario {
  name: string
  /** The only clients that have what it shows; all when absent. */
  only?: string[]
}

// The longest first: while they wait for a slot or a poll, others use the processor.
/** Every scenario, in the order in which they are started. */
export const scenarios: Scenario[] = [
  { name: 'tag_limit' },
  { name: 'served_deployment' },
  { name: 'process_worker' },
  { name: 'schedule' },
  { name: 'suspend_and_resume' },
  { name: 'global_slots' },
  { name: 'pause_with_input' },
  { name: 'timeout' },
  { name: 'task_retries' },
  { name: 'flow_retries' },
  { name: 'caching' },
  { name: 'subflows' },
  { name: 'sync_and_async' },
  { name: 'submit_and_map' },
  { name: 'failing_task' },
  { name: 'failing_flow' },
  { name: 'cancellation' },
  { name: 'variables' },
  { name: 'artifacts' },
  { name: 'secret_block' },
  { name: 'logs' },
  { name: 'events' },
  { name: 'run_input' },
  { name: 'transaction', only: ['3.8.8'] },
  { name: 'automation', only: ['3.8.8'] },
  { name: 'background_task', only: ['3.8.8'] },
]

/** The scenarios of a client whose name contains `part`. */
export function scenariosOf(version: string, part = ''): Scenario[] {
  return scenarios.filter(({ name, only }) => name.includes(part) && (!only || only.includes(version)))
}

