/** One program of `programs/`, run by the clients that can. Its name is the program's file name. */
export interface Scenario {
  name: string
  /** The only clients that have what it shows; all when absent. */
  only?: string[]
  /** What it leaves beside runs, and so what is read back; a server need not have the routes of what it does not use. */
  leaves?: Place[]
  /** Needs a part of the API that Reeve does not have yet: recorded, but run only with --ahead. */
  ahead?: boolean
}

/** Where runs are to be executed. */
export type Place = 'deployments' | 'work_pools'

// The longest first: while they wait for a slot or a poll, others use the processor.
/** Every scenario, in the order in which they are started. */
const scenarios: Scenario[] = [
  { name: 'tag_limit' },
  { name: 'served_deployment', leaves: ['deployments'], ahead: true },
  { name: 'process_worker', leaves: ['deployments', 'work_pools'], ahead: true },
  { name: 'schedule', leaves: ['deployments'], ahead: true },
  { name: 'suspend_and_resume', leaves: ['deployments'] },
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
  { name: 'automation', only: ['3.8.8'], leaves: ['deployments'], ahead: true },
  { name: 'background_task', only: ['3.8.8'] },
  { name: 'typescript_worker', only: ['3.8.8'] },
  { name: 'typescript_caller', only: ['3.8.8'] },
]

/** The scenarios of a client whose name contains `part`; those that are ahead of the server only when asked for. */
export function scenariosOf(version: string, part = '', ahead = false): Scenario[] {
  return scenarios.filter(
    (each) =>
      each.name.includes(part) && (!each.only || each.only.includes(version)) && (ahead || !each.ahead),
  )
}
