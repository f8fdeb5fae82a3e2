import { EventFilter } from '@reeve/schemas/filters/event-filter'
import type { Context } from '../context.ts'
import { eventQuery } from '../models/event-query.ts'
import type { EventQuery } from '../models/event-query.ts'
import { readEvents } from '../models/events.ts'
import type { EventRow } from '../models/events.ts'
import { finalStateEvents, pagesOfEndedTaskRuns } from '../models/final-state-events.ts'
import { wireEvent } from '../models/wire-event.ts'
import { eventMatcher } from './event-matcher.ts'
import { namesPassing, namesTaskRuns } from './passing-events.ts'
import type { PassingEvents } from './passing-events.ts'
import { readSubscription } from './subscription.ts'
import type { Peer } from './peer.ts'

const PAGE = 250
/** Of events that come live while the stored ones are sent; a client so far behind must begin anew. */
const MOST_HELD = 10_000
/** Stored events may be told of a moment after they were sent. */
const REMEMBERED = 2000
const SECOND = 1_000_000

/**
 * `/events/out`: the stored events that match, then those that come, each once and in order of time. Who asks for
 * events of task runs by name is also told of the ends of runs of which no client sends events.
 */
export function streamEvents(peer: Peer, context: Context, passing: PassingEvents): void {
  readSubscription(peer, EventFilter, (filter, { backfill }) => {
    const query = liveQuery(filter, context)
    const stream = new EventStream(peer, query)
    peer.follow(context.bus, ['event', 'eventElsewhere'], (event) => stream.come(event))
    if (namesPassing(query.event?.name)) {
      peer.follow(context.bus, ['passingEvent'], (names) => stream.comeAsAny(names))
      peer.socket.once('close', passing.follow())
    }
    const begun = backfill === false ? Promise.resolve() : stream.backfill(context)
    begun
      .then(() => stream.goLive())
      .catch((error) => {
        context.logger.error({ err: error }, 'stored events cannot be sent')
        peer.close(1011, 'Stored events cannot be read')
      })
  })
}

function liveQuery(filter: EventFilter, context: Context): EventQuery {
  const now = context.clock.now()
  const query = eventQuery(filter, now)
  const oldest = now - context.settings.event_backfill_seconds * SECOND
  const occurred = { ...query.occurred, since: Math.max(query.occurred.since, oldest) }
  return { ...query, order: 'ASC', occurred }
}

const printed = new WeakMap<EventRow, string>()

/** Printed once for all who listen. */
function eventFrame(event: EventRow): string {
  let text = printed.get(event)
  if (!text) printed.set(event, (text = JSON.stringify({ type: 'event', event: wireEvent(event) })))
  return text
}

class EventStream {
  readonly #peer: Peer
  readonly #query: EventQuery
  readonly #matches: (event: EventRow) => boolean
  /** What came while stored events are sent; undefined once the stream is live. */
  #held: Map<string, EventRow> | undefined = new Map()
  #sent: string[] = []

  constructor(peer: Peer, query: EventQuery) {
    this.#peer = peer
    this.#query = query
    this.#matches = eventMatcher(query)
  }

  come(event: EventRow): void {
    if (!this.#matches(event)) return
    if (!this.#held) return this.#sendNew(event)
    this.#held.set(event.id, event)
    if (this.#held.size > MOST_HELD) this.#peer.closeSlow()
  }

  /** The same event under several names is sent under the first that was asked for. */
  comeAsAny(names: readonly EventRow[]): void {
    const event = names.find(this.#matches)
    if (event) this.come(event)
  }

  async backfill(context: Context): Promise<void> {
    await this.#backfillStored(context)
    if (namesTaskRuns(this.#query.event?.name)) await this.#backfillEnded(context)
  }

  async #backfillEnded(context: Context): Promise<void> {
    const { since } = this.#query.occurred
    const now = context.clock.now()
    for await (const runs of pagesOfEndedTaskRuns(context.database, { since, limit: PAGE })) {
      const events = runs.flatMap((run) => finalStateEvents(run, now).find(this.#matches) ?? [])
      await this.#sendPage(events.filter(({ id }) => !this.#sent.includes(id)))
      if (!this.#peer.isOpen) return
    }
  }

  async #backfillStored(context: Context): Promise<void> {
    let after: EventRow | undefined
    do {
      const page = { query: this.#query, limit: PAGE, ...(after && { after }) }
      const events = await context.database.read((session) => readEvents(session, page))
      await this.#sendPage(events)
      after = events.length < PAGE ? undefined : events.at(-1)
    } while (after && this.#peer.isOpen)
  }

  /** Resolves when all of it has left this process. */
  async #sendPage(events: readonly EventRow[]): Promise<void> {
    let flushed: Promise<void> | undefined
    for (const event of events) {
      this.#held?.delete(event.id)
      this.#sent.push(event.id)
      flushed = this.#peer.sendFlushed(eventFrame(event))
    }
    this.#sent = this.#sent.slice(-REMEMBERED)
    await flushed
  }

  goLive(): void {
    const held = [...(this.#held?.values() ?? [])].sort((a, b) => a.occurred - b.occurred)
    this.#held = undefined
    for (const event of held) this.#sendNew(event)
  }

  #sendNew(event: EventRow): void {
    const known = this.#sent.indexOf(event.id)
    if (known >= 0) this.#sent.splice(known, 1)
    else this.#peer.sendText(eventFrame(event))
  }
}
