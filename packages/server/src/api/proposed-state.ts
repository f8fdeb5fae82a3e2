import type { State } from '@reeve/orchestration/types'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateCreate } from '@reeve/schemas/state'
import { formatTimestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'

/** The state that a client asks for, with the id, time and defaults that only the server gives. */
export function proposedState(asked: StateCreate, { clock, ids }: ModelContext): State {
  const timestamp = clock.now()
  const { type, state_details } = asked
  const unscheduled = type === 'SCHEDULED' && !state_details.scheduled_time
  return {
    id: ids.ordered(),
    type,
    name: asked.name ?? defaultStateName(type),
    timestamp,
    message: asked.message,
    data: asked.data,
    state_details: unscheduled
      ? { ...state_details, scheduled_time: formatTimestamp(timestamp) }
      : state_details,
  }
}
