import type { JsonObject } from '@reeve/schemas/json'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Row } from '../../src/database/tables.ts'

/** What a client tells of a task run; runs and states are numbered. */
export interface Told {
  run: number
  state: number
  type: StateType
  /** µs */
  at: number
  flowRun: string | null
  /** The dynamic key, when it is not the run's number. */
  key?: string
  fields: JsonObject
}

const numbered = (prefix: string, number: number) => `${prefix}-${number.toString(16).padStart(12, '0')}`

/** The event that a Prefect 3 client sends when its task run enters a state. */
export function taskRunEvent({ run, state, type, at, flowRun, key, fields }: Told): Row<'event'> {
  const name = `task-${run}`
  const resourceId = `prefect.task-run.${numbered('22222222-0000-7000-8000', run)}`
  return {
    id: numbered('33333333-0000-7000-8000', state),
    occurred: at,
    received: at,
    event: `prefect.task-run.${defaultStateName(type)}`,
    resource_id: resourceId,
    resource: {
      'prefect.resource.id': resourceId,
      'prefect.resource.name': name,
      'prefect.state-type': type,
      'prefect.orchestration': 'client',
    },
    related: flowRun
      ? [{ 'prefect.resource.id': `prefect.flow-run.${flowRun}`, 'prefect.resource.role': 'flow-run' }]
      : [],
    payload: {
      intended: { from: null, to: type },
      initial_state: null,
      validated_state: {
        type,
        name: defaultStateName(type),
        message: '',
        state_details: { cache_key: 'k' },
        data: { storage_key: 's' },
      },
      task_run: { name, task_key: 'task', dynamic_key: key ?? String(run), ...fields },
    },
    follows: null,
  }
}
