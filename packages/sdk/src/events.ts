import type { JsonObject } from '@reeve/schemas/json'
import { currentClock } from './engine/current-clock.ts'
import { currentScope } from './engine/scope.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { checkJson } from './json-value.ts'
import { log } from './logs/logger.ts'

/** Labels of a thing that an event is about; `id` stands for `prefect.resource.id`, `name` for its name. */
export interface EventResource {
  id: string
  name?: string
  [label: string]: string | undefined
}

/** What an event is about and what it tells. */
export interface EventOptions {
  resource: EventResource
  /** Other things that it concerns, each in a role. The run that emits it is added. */
  related?: readonly (EventResource & { role: string })[]
  payload?: JsonObject
  occurred?: Date
  id?: string
  /** Id of an event which comes before this one. */
  follows?: string
}

/**
 * Sends an event behind the flow's back; it is on the server when the flow run ends. Gives the event's id.
 * @example emitEvent('order.paid', { resource: { id: `order.${order.id}` }, payload: { total: 40 } })
 */
export function emitEvent(event: string, options: EventOptions): string {
  const { resource, related = [], payload = {}, occurred = new Date(currentClock().now()), follows } = options
  checkJson(`The payload of event '${event}'`, payload)
  const id = options.id ?? crypto.randomUUID()
  const record = {
    id,
    event,
    payload,
    occurred: occurred.toISOString(),
    follows: follows ?? null,
    resource: labels(resource),
    related: [
      ...related.map(({ role, ...other }) => ({
        ...labels(other as EventResource),
        'prefect.resource.role': role,
      })),
      ...runs(),
    ],
  }
  usingRuntime(({ events }) => events.add(record)).catch((error: unknown) => {
    log.warn(`The event '${event}' could not be sent: ${String(error)}`)
  })
  return id
}

interface Labels {
  'prefect.resource.id': string
  [label: string]: string
}

function labels({ id, name, ...others }: EventResource): Labels {
  const given: Labels = { 'prefect.resource.id': id }
  if (name !== undefined) given['prefect.resource.name'] = name
  for (const [label, value] of Object.entries(others)) if (value !== undefined) given[label] = value
  return given
}

function runs(): (Labels & { 'prefect.resource.role': string })[] {
  const { flow, task } = currentScope() ?? {}
  const found: (Labels & { 'prefect.resource.role': string })[] = []
  if (flow)
    found.push({
      ...labels({ id: `prefect.flow-run.${flow.id}`, name: flow.name }),
      'prefect.resource.role': 'flow-run',
    })
  if (task)
    found.push({
      ...labels({ id: `prefect.task-run.${task.id}`, name: task.name }),
      'prefect.resource.role': 'task-run',
    })
  return found
}
