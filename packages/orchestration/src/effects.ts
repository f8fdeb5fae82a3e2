import type { Client, StateDetails } from './types.ts'

/** Who holds the slots of a lease. */
export interface LeaseHolder {
  type: 'flow_run' | 'task_run' | 'deployment'
  id: string
}

/** What a decision asks for beside the written state and the run's fields; data, never code. */
export type Effect =
  | TakeSlots
  | { type: 'renew-lease'; lease_id: string; ttl_seconds: number }
  /** Gives the slots of the lease back and forgets it; one that is gone has given them back already. */
  | { type: 'release-lease'; lease_id: string }
  /** Releases every lease on a tag limit which this task run holds. */
  | { type: 'release-tag-slots'; task_run_id: string }
  | { type: 'insert-cache'; cache_key: string; cache_expiration: string | null }
  /** Writes a copy of the written state to the parent's tracking task run, by force and by this generation's rules. */
  | {
      type: 'mirror-to-parent'
      task_run_id: string
      state_details: StateDetails
      generation: Client['generation']
    }
  | { type: 'emit-state-event' }
  | { type: 'enqueue-task-run'; queue: 'scheduled' | 'retry' }
  /** Forces each FAILED task run of the flow run to AwaitingRetry and zeroes its run_count. */
  | { type: 'retry-failed-task-runs'; scheduled_time: string }

export interface TakeSlots {
  type: 'take-slots'
  limit_ids: string[]
  lease_id: string
  /** seconds; leases of tag slots last 100 years */
  ttl_seconds: number
  holder: LeaseHolder | null
}
