import type { State } from '@reeve/orchestration/types'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'

/** A state that the server itself proposes; SCHEDULED without a time means now. */
export function serverState(type: StateType, context: ModelContext, more: Partial<State> = {}): State {
  const timestamp = context.clock.now()
  return {
    id: context.ids.ordered(),
    type,
    name: defaultStateName(type),
    timestamp,
    message: null,
    data: null,
    state_details: type === 'SCHEDULED' ? { scheduled_time: formatTimestamp(timestamp) } : {},
    ...more,
  }
}
