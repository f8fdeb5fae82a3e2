import { isTerminal } from '@reeve/schemas/state-type'
import { parseTimestamp } from '@reeve/schemas/time'
import type { Limit, State } from '@reeve/orchestration/types'
import type { Timestamp } from '@reeve/schemas/time'
import type { HolderOfSlots } from './limit-holders.ts'

/** What keeps a run from running; times in microseconds. */
export type Reason =
  | { kind: 'scheduled'; message: string; scheduled_time: Timestamp; seconds: number }
  | { kind: 'limit'; message: string; limit: Limit; holders: HolderOfSlots[]; position: number }
  | {
      kind: 'paused'
      message: string
      pause_key: string | null
      until: Timestamp | null
      input: { [use: string]: string } | null
    }
  | { kind: 'parent'; message: string; flow_run_id: string; state_type: State['type'] | null }
  | {
      kind: 'worker'
      message: string
      task_key: string | null
      work_queue_name: string | null
      workers: string[]
    }
  | { kind: 'cancelling'; message: string; since: Timestamp }
  | { kind: 'client'; message: string }
  | { kind: 'rule'; message: string }

export interface Waiting {
  id: string
  state: State | null
  reasons: Reason[]
}

/** What the run's own state says: undefined when it says nothing and others must be asked. */
export function reasonsOfState(state: State | null, now: Timestamp): Reason[] | undefined {
  if (!state) return [{ kind: 'client', message: 'The run has no state: nobody has proposed one yet.' }]
  if (state.type === 'RUNNING' || isTerminal(state.type)) return []
  if (state.type === 'CANCELLING') {
    const message = 'Whoever runs it has been asked to stop and has not said yet that it did.'
    return [{ kind: 'cancelling', message, since: state.timestamp }]
  }
  if (state.type === 'PAUSED') return [pausedReason(state)]
  const due = state.state_details.scheduled_time
    ? parseTimestamp(state.state_details.scheduled_time)
    : undefined
  if (due === undefined || due <= now) return undefined
  const seconds = (due - now) / 1_000_000
  const message = `It is ${state.name} and due in ${seconds.toFixed(1)} seconds.`
  return [{ kind: 'scheduled', message, scheduled_time: due, seconds }]
}

function pausedReason({ name, state_details: details }: State): Reason {
  const until = details.pause_timeout ? (parseTimestamp(details.pause_timeout) ?? null) : null
  const input = details.run_input_keyset ?? null
  const how = input ? 'someone resumes it with the input it asks for' : 'someone resumes it'
  return {
    kind: 'paused',
    message: `It is ${name} until ${how}.`,
    pause_key: details.pause_key ?? null,
    until,
    input,
  }
}
