import type { Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import type { EventRow } from '../models/events.ts'
import { recordTaskRunEvents } from '../models/task-run-recorder.ts'

interface Orphan {
  event: EventRow
  attempts: number
  due: Timestamp
}

const ATTEMPTS = 5
const FIRST_PAUSE = 1_000_000
const MOST_KEPT = 10_000

/**
 * Task-run events whose flow run was not there when they came. They are stored as events; their task runs
 * are tried again a few times, in case the flow run comes later, and then given up with an error.
 */
export class Orphans {
  readonly #context: Context
  readonly #unsubscribe: () => void
  #kept: Orphan[] = []
  #givenUp = 0

  constructor(context: Context) {
    this.#context = context
    this.#unsubscribe = context.bus.subscribe('orphanedEvent', (event) => this.#keep(event))
  }

  get givenUp(): number {
    return this.#givenUp
  }

  /** Tries again what is due. */
  async retry(): Promise<void> {
    const now = this.#context.clock.now()
    const due = this.#kept.filter((orphan) => orphan.due <= now)
    if (due.length === 0) return
    const events = due.map(({ event }) => event)
    const { orphans } = await this.#context.database.write((session) =>
      recordTaskRunEvents(session, events, this.#context),
    )
    const still = new Set(orphans)
    this.#kept = this.#kept.filter((orphan) => orphan.due > now || still.has(orphan.event))
    for (const orphan of due) if (still.has(orphan.event)) this.#postpone(orphan, now)
  }

  close(): void {
    this.#unsubscribe()
  }

  #keep(event: EventRow): void {
    if (this.#kept.length >= MOST_KEPT) return this.#giveUp(event)
    this.#kept.push({ event, attempts: 1, due: this.#context.clock.now() + FIRST_PAUSE })
  }

  #postpone(orphan: Orphan, now: Timestamp): void {
    orphan.attempts++
    orphan.due = now + FIRST_PAUSE * 2 ** (orphan.attempts - 1)
    if (orphan.attempts < ATTEMPTS) return
    this.#kept = this.#kept.filter((kept) => kept !== orphan)
    this.#giveUp(orphan.event)
  }

  #giveUp(event: EventRow): void {
    this.#givenUp++
    const fields = { event_id: event.id, resource_id: event.resource_id, given_up: this.#givenUp }
    this.#context.logger.error(fields, 'a task run is not recorded: its flow run does not exist')
  }
}
