import type { ReceivedEvent as WireEvent } from '@reeve/schemas/event'
import { filterEvents } from './client/used-routes.ts'
import { type Duration, durationSeconds } from './durations.ts'
import { ParameterError } from './engine/errors.ts'
import { Looks } from './engine/looks.ts'
import { type SchemaOutput, type StandardSchema, validate } from './engine/standard-schema.ts'
import { asWaitingRun, endWaiting, suspends, suspendUntil, type WaitingRun } from './engine/waiting-run.ts'
import { fullLabels, labelMatcher } from './event-labels.ts'
import { log } from './logs/logger.ts'
import { readResult, writeResult } from './results/reference.ts'

/** Which event is waited for, and how long. */
export interface WaitForEventOptions<S extends StandardSchema<any, any> | undefined = undefined> {
  /** Labels of the resource that the event is about; `*` and `?` as in a shell. `id` is the resource's id. */
  resource?: { readonly [label: string]: string }
  /** Any Standard Schema of the payload; an event with another payload is not the one that is waited for. */
  payload?: S
  /** Gives up after so long, and gives undefined. Counted from the first time the flow run came here. */
  timeout?: Duration
  /** Events from then on count; otherwise those after the flow run came here the first time. */
  since?: Date
  /** Tells this wait from others of the flow run, instead of its number. */
  key?: string
  /** Seconds between looks, where the server does not tell of events by itself. */
  pollSeconds?: number
  /**
   * Lets the process go between looks, which are then a minute apart. By default runs of a deployment do so
   * when they have waited for a while. A subflow stays with its parent.
   */
  suspend?: boolean
}

/** An event that was waited for. */
export interface ReceivedEvent<P = unknown> {
  id: string
  event: string
  occurred: string
  resource: { readonly [label: string]: string }
  payload: P
}

type Payload<S> = S extends StandardSchema<any, any> ? SchemaOutput<S> : { [name: string]: unknown }

/**
 * Waits for an event, once: a flow run that is carried out again gets the event that came, or goes on
 * waiting; what came while no process was waiting counts. Works directly in a flow, not in a task.
 * @example const paid = await waitForEvent('order.paid', { resource: { id: `order.${order.id}` }, timeout: '3 days' })
 */
export function waitForEvent<S extends StandardSchema<any, any> | undefined = undefined>(
  name: string,
  options: WaitForEventOptions<S> & { timeout: Duration },
): Promise<ReceivedEvent<Payload<S>> | undefined>
export function waitForEvent<S extends StandardSchema<any, any> | undefined = undefined>(
  name: string,
  options?: WaitForEventOptions<S> & { timeout?: undefined },
): Promise<ReceivedEvent<Payload<S>>>
export function waitForEvent(
  name: string,
  options: WaitForEventOptions<StandardSchema | undefined> = {},
): Promise<ReceivedEvent | undefined> {
  const state = { type: 'PENDING', name: 'Waiting', message: `for the event '${name}'` } as const
  const what = { what: 'waitForEvent()', taskKey: 'wait-for-event', key: options.key, state }
  return asWaitingRun(what, async (waiting) => {
    const { run, flow } = waiting
    if (run.state?.type === 'COMPLETED') return before(waiting, name)
    log.info(`Waits for the event '${name}'`)
    const event = await look(waiting, name, options)
    const reference = await writeResult(flow.results, `runs/${flow.id}/${run.id}`, event, {
      expiration: null,
      inputsHash: null,
      code: name,
      mayBeInline: flow.results.inline,
    })
    await endWaiting(waiting, reference)
    return event
  })
}

async function before({ run, flow }: WaitingRun, name: string): Promise<ReceivedEvent | undefined> {
  const found = await readResult(flow.results, run.state?.data)
  if (!found) throw new Error(`The event '${name}' came, but what it was is gone from the result storage.`)
  return found.value as ReceivedEvent | undefined
}

const SUSPENDED_POLL_SECONDS = 60

async function look(
  waiting: WaitingRun,
  name: string,
  options: WaitForEventOptions<StandardSchema | undefined>,
): Promise<ReceivedEvent | undefined> {
  const { run, flow, runtime } = waiting
  const { clock } = runtime
  const { timeout, pollSeconds = 1, suspend } = options
  const deadline =
    timeout === undefined
      ? Number.POSITIVE_INFINITY
      : Date.parse(run.created) + durationSeconds(timeout) * 1000
  const began = clock.now()
  const labels = labelMatcher(options.resource)
  const looks = new Looks(runtime, {
    names: [name],
    matches: (event) => labels(event.resource),
    pollSeconds,
    // Who lets the process go hears nothing.
    isTold: !suspend,
  })
  try {
    for (;;) {
      looks.begin()
      const event = await firstMatch(waiting, name, options)
      if (event) return event
      const left = (deadline - clock.now()) / 1000
      if (left <= 0) return undefined
      const most = Math.min((clock.now() - began) / 1000, left)
      if (suspends(waiting, most, suspend)) {
        const next = new Date(clock.now() + Math.min(left, SUSPENDED_POLL_SECONDS) * 1000)
        await suspendUntil(waiting, next.toISOString(), `looks for the event '${name}' again then`)
      }
      await looks.wait(left, flow.stop.signal)
    }
  } finally {
    looks.end()
  }
}

/** The earliest event that fits, of all that there are by now. */
async function firstMatch(
  { runtime, run }: WaitingRun,
  name: string,
  { resource, payload, since }: WaitForEventOptions<StandardSchema | undefined>,
): Promise<ReceivedEvent | undefined> {
  let from = since?.toISOString() ?? run.created
  for (;;) {
    const filter = {
      event: { name: [name] },
      ...(resource && { resource: { labels: fullLabels(resource) } }),
      occurred: { since: from },
      order: 'ASC' as const,
    }
    const { events } = await runtime.api.call(filterEvents, { body: { filter, limit: PAGE } })
    for (const event of events) {
      const received = await accepted(event, payload)
      if (received) return received
    }
    const last = events.at(-1)?.occurred
    if (events.length < PAGE || !last || last === from) return undefined
    from = last
  }
}

const PAGE = 50

async function accepted(
  event: WireEvent,
  schema: StandardSchema | undefined,
): Promise<ReceivedEvent | undefined> {
  const { id, occurred, resource } = event
  let payload: unknown = event.payload
  if (schema) {
    const result = await validate(schema, payload)
    if ('issues' in result) {
      log.debug(new ParameterError(event.event, result.issues).message)
      return undefined
    }
    payload = result.value
  }
  return { id, event: event.event, occurred: String(occurred), resource, payload }
}
