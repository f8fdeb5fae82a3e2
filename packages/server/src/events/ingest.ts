import type { Context } from '../context.ts'
import { isOutage } from '../database/errors.ts'
import type { EventRow } from '../models/events.ts'
import { storeEvents } from '../models/store-events.ts'

interface Waiting {
  event: EventRow
  settled: () => void
}

/** Measured: larger batches hold up other requests on SQLite without storing more events a second. */
const LARGEST_BATCH = { sqlite: 128, postgres: 512 } as const
/** Above this many, senders should wait; below the other, they may go on. */
const CROWDED = 4096
const ROOMY = 1024
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5000

/**
 * The queue between the sockets and the database. Events are stored in the order they came, in batches; one
 * that the database cannot store now is tried until it can, one that it refuses is dropped and logged.
 */
export class Ingest {
  readonly #context: Context
  #waiting: Waiting[] = []
  #onRoom: (() => void)[] = []
  #running: Promise<void> | undefined
  #dropped = 0

  constructor(context: Context) {
    this.#context = context
  }

  /** Calls `settled` when the event is durable, or will never be. */
  push(event: EventRow, settled: () => void): void {
    this.#waiting.push({ event, settled })
    this.#running ??= this.#run()
  }

  /** True while senders should not send. */
  get isCrowded(): boolean {
    return this.#waiting.length >= CROWDED
  }

  /** Calls back once, when there is room again. */
  whenRoomy(callback: () => void): void {
    this.#onRoom.push(callback)
  }

  /** How many events the database refused. */
  get dropped(): number {
    return this.#dropped
  }

  /** Resolves when everything that was pushed is settled. */
  async drained(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // What comes in one turn of the event loop goes into one batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const size = LARGEST_BATCH[this.#context.database.dialect]
      const batch = this.#waiting.slice(0, size)
      this.#waiting = this.#waiting.slice(size)
      await this.#store(batch.map(({ event }) => event))
      for (const { settled } of batch) settled()
      if (this.#waiting.length <= ROOMY) this.#giveRoom()
    }
    this.#running = undefined
  }

  #giveRoom(): void {
    const callbacks = this.#onRoom
    this.#onRoom = []
    for (const callback of callbacks) callback()
  }

  async #store(events: readonly EventRow[]): Promise<void> {
    const { database, logger } = this.#context
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const { malformed } = await database.write((session) => storeEvents(session, events, this.#context))
        for (const { event, reason } of malformed)
          logger.error({ event_id: event.id, reason }, 'an event tells of a task run but cannot be recorded')
        return
      } catch (error) {
        if (!isOutage(error)) return this.#storeAlone(events, error)
        logger.warn({ err: error, events: events.length }, 'events wait for the database')
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  async #storeAlone(events: readonly EventRow[], error: unknown): Promise<void> {
    const [event] = events
    if (events.length === 1 && event) {
      this.#dropped++
      this.#context.logger.error({ err: error, event_id: event.id }, 'an event cannot be stored')
      return
    }
    for (const one of events) await this.#store([one])
  }
}
