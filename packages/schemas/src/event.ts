import { z } from 'zod'
import { Refusal, orNull, scalar } from './scalar.ts'
import { JsonRecord, TimestampInput, TimestampText, Uuid, UuidText } from './scalars.ts'

export const MAX_EVENT_NAME_LENGTH = 1024
export const MAX_LABELS_PER_RESOURCE = 500
export const MAX_RELATED_RESOURCES = 100

/** The labels of something an event is about; every label is text. */
export interface ResourceLabels {
  'prefect.resource.id': string
  [label: string]: string
}

/** A resource that the event also concerns, in a role. */
export interface RelatedResourceLabels extends ResourceLabels {
  'prefect.resource.role': string
}

const RESOURCE_JSON = { type: 'object', additionalProperties: { type: 'string' } } as const

const invalid = (why: string) => new Refusal('value_error', `Value error, ${why}`)

function readLabels(value: unknown, kind: string, required: readonly string[]): ResourceLabels | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Refusal('dict_type', 'Input should be a valid dictionary')
  const labels = value as Record<string, unknown>
  let count = 0
  for (const label in labels) {
    count++
    if (typeof labels[label] !== 'string')
      return new Refusal('string_type', `Input should be a valid string: label ${label}`)
  }
  if (count > MAX_LABELS_PER_RESOURCE)
    return invalid(`The maximum number of labels per resource is ${MAX_LABELS_PER_RESOURCE}`)
  for (const label of required) {
    if (labels[label] === undefined) return invalid(`${kind} must include the ${label} label`)
    if (labels[label] === '') return invalid(`The ${label} label must be non-empty`)
  }
  return value as ResourceLabels
}

export const Resource = scalar<ResourceLabels>(
  (value) => readLabels(value, 'Resources', ['prefect.resource.id']),
  RESOURCE_JSON,
).meta({ id: 'Resource' })
export type Resource = z.infer<typeof Resource>

export const RelatedResource = scalar<RelatedResourceLabels>(
  (value) =>
    readLabels(value, 'Related Resources', ['prefect.resource.id', 'prefect.resource.role']) as
      | RelatedResourceLabels
      | Refusal,
  RESOURCE_JSON,
).meta({ id: 'RelatedResource' })
export type RelatedResource = z.infer<typeof RelatedResource>

/** Something that happened, as its witness tells it; `id` tells repetitions, `follows` names an earlier event. */
export const Event = z
  .object({
    occurred: TimestampInput,
    event: z.string().max(MAX_EVENT_NAME_LENGTH),
    resource: Resource,
    related: z
      .array(RelatedResource)
      .max(MAX_RELATED_RESOURCES)
      .default(() => []),
    payload: JsonRecord.default(() => ({})),
    id: Uuid,
    follows: orNull(Uuid),
  })
  .meta({ id: 'Event' })
export interface Event extends z.infer<typeof Event> {}

/** An event on the wire, with the time the server took it. */
export const ReceivedEvent = z
  .object({
    occurred: TimestampText,
    event: z.string(),
    resource: Resource,
    related: z.array(RelatedResource),
    payload: JsonRecord,
    id: UuidText,
    follows: UuidText.nullable(),
    received: TimestampText,
  })
  .meta({ id: 'ReceivedEvent' })
export interface ReceivedEvent extends z.infer<typeof ReceivedEvent> {}

/** Events of one page; `next_page` is a URL to read on from, null after the last. */
export const EventPage = z
  .object({
    events: z.array(ReceivedEvent),
    total: z.int(),
    next_page: z.string().meta({ format: 'uri', minLength: 1 }).nullable(),
  })
  .meta({ id: 'EventPage' })
export interface EventPage extends z.infer<typeof EventPage> {}

/** By what events are counted. */
export const Countable = z.enum(['day', 'time', 'event', 'resource']).meta({ id: 'Countable' })
export type Countable = z.infer<typeof Countable>

export const TimeUnit = z.enum(['week', 'day', 'hour', 'minute', 'second']).meta({ id: 'TimeUnit' })
export type TimeUnit = z.infer<typeof TimeUnit>

export const EventCount = z
  .object({
    value: z.string(),
    label: z.string(),
    count: z.int(),
    start_time: TimestampText,
    end_time: TimestampText,
  })
  .meta({ id: 'EventCount' })
export interface EventCount extends z.infer<typeof EventCount> {}
