import type { Timestamp } from '@reeve/schemas/time'
import type { Topic, Topics } from '../bus.ts'
import type { Context } from '../context.ts'
import { LONGEST_MESSAGE, PostgresChannel } from '../database/postgres-channel.ts'
import { readEventsById } from '../models/events.ts'
import { pagesOfEndedTaskRuns } from '../models/final-state-events.ts'
import { readLogsById } from '../models/logs-by-id.ts'

const CHANNEL = 'reeve'
/** What happens within this time goes into one message. */
const GATHER_MS = 10

const KINDS = ['event', 'log', 'task', 'end', 'input', 'slot'] as const
type Kind = (typeof KINDS)[number]
type Gathered = { [kind in Kind]: Set<string> }
interface Message extends Partial<Record<Kind, string[]>> {
  from: string
  /** The sender wants to hear of the ends of task runs. */
  watch?: true
}

const nothing = (): Gathered => ({
  event: new Set(),
  log: new Set(),
  task: new Set(),
  end: new Set(),
  input: new Set(),
  slot: new Set(),
})

/** Who wants to hear of ends of task runs says so this often, and when it begins to. */
const WATCH_MS = 5000
/** Who has not said so for so long does so no more. */
const WATCHED = 20_000_000
/** A server that hears of a watch for the first time tells of what ended since that may have begun. */
const JUST_BEFORE = 8_000_000
const PAGE = 1000

/**
 * Tells the other servers of a PostgreSQL database what this one stored, and this one's watchers what the
 * others did: ids only, which each reads back if anyone listens. Undefined for a database of its own.
 */
export async function watchElsewhere(context: Context): Promise<{ close(): Promise<void> } | undefined> {
  const { database } = context.settings
  if (context.database.exclusive || !/^postgres(ql)?:/.test(database)) return undefined
  const elsewhere = new Elsewhere(context, database)
  await elsewhere.open()
  return elsewhere
}

class Elsewhere {
  readonly #context: Context
  readonly #me: string
  readonly #channel: PostgresChannel
  #unsubscribe: (() => void)[] = []
  #gathered = nothing()
  #isWatchDue = false
  #watchedUntil: Timestamp = 0
  #forget: (() => void) | undefined
  #watchTimer: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined
  #telling: Promise<void> | undefined

  constructor(context: Context, url: string) {
    this.#context = context
    this.#me = context.ids.random()
    this.#channel = new PostgresChannel(url, CHANNEL, {
      onMessage: (text) => {
        this.#hear(text).catch(this.#complain)
      },
      onGap: () => context.bus.publish('missedElsewhere', null),
      onError: this.#complain,
    })
  }

  async open(): Promise<void> {
    const { bus } = this.#context
    await this.#channel.open()
    this.#unsubscribe = [
      bus.subscribe('event', ({ id }) => this.#gather('event', id)),
      bus.subscribe('log', ({ id }) => this.#gather('log', id)),
      bus.subscribe('scheduledTaskRun', ({ task_key }) => this.#gather('task', task_key)),
      bus.subscribe('flowRunInput', (id) => this.#gather('input', id)),
      bus.subscribe('freedSlots', (name) => this.#gather('slot', name)),
      bus.subscribe('watchBegun', () => this.#sayWatch()),
    ]
    this.#sayWatch()
    this.#watchTimer = setInterval(() => {
      this.#sayWatch()
      if (this.#context.clock.now() >= this.#watchedUntil) this.#forgetWatch()
    }, WATCH_MS).unref()
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#forgetWatch()
    clearInterval(this.#watchTimer)
    clearTimeout(this.#timer)
    await this.#telling
    await this.#tell()
    await this.#channel.close()
  }

  readonly #complain = (error: unknown) => {
    this.#context.logger.warn({ err: error }, 'the servers of this database do not hear each other')
  }

  #sayWatch(): void {
    if (!this.#context.bus.hasListeners('finishedElsewhere')) return
    this.#isWatchDue = true
    this.#tellSoon()
  }

  /** Ends of task runs are told only while others want to hear of them: they come by the thousand. */
  async #hearWatch(): Promise<void> {
    const { bus, clock, database } = this.#context
    const now = clock.now()
    this.#watchedUntil = now + WATCHED
    if (this.#forget) return
    this.#forget = bus.subscribe('finishedTaskRun', (id) => this.#gather('end', id))
    for await (const runs of pagesOfEndedTaskRuns(database, { since: now - JUST_BEFORE, limit: PAGE }))
      for (const { id } of runs) this.#gather('end', id)
  }

  #forgetWatch(): void {
    this.#forget?.()
    this.#forget = undefined
  }

  #gather(kind: Kind, item: string): void {
    this.#gathered[kind].add(item)
    this.#tellSoon()
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#telling = this.#tell()
    }, GATHER_MS).unref()
  }

  /** Goes on until nothing is left of what was gathered meanwhile. */
  async #tell(): Promise<void> {
    for (;;) {
      const gathered = this.#gathered
      this.#gathered = nothing()
      const messages = KINDS.flatMap((kind) =>
        [...parts(gathered[kind])].map((items): Message => ({ from: this.#me, [kind]: items })),
      )
      if (this.#isWatchDue) messages.push({ from: this.#me, watch: true })
      this.#isWatchDue = false
      if (messages.length === 0) break
      for (const message of messages) await this.#channel.send(JSON.stringify(message))
    }
    this.#timer = undefined
  }

  async #hear(text: string): Promise<void> {
    const { from, event, log, task, end, input, slot, watch }: Message = JSON.parse(text)
    if (from === this.#me) return
    const { bus, database } = this.#context
    if (watch) await this.#hearWatch()
    for (const task_key of task ?? []) bus.publish('scheduledElsewhere', { task_key })
    for (const id of end ?? []) bus.publish('finishedElsewhere', id)
    for (const id of input ?? []) bus.publish('inputElsewhere', id)
    for (const name of slot ?? []) bus.publish('freedElsewhere', name)
    if (event && bus.hasListeners('eventElsewhere')) {
      this.#publish('eventElsewhere', await database.read((session) => readEventsById(session, event)))
    }
    if (log && bus.hasListeners('logElsewhere')) {
      this.#publish('logElsewhere', await database.read((session) => readLogsById(session, log)))
    }
  }

  #publish<T extends Topic>(topic: T, messages: readonly Topics[T][]): void {
    for (const message of messages) this.#context.bus.publish(topic, message)
  }
}

/** As many at once as a message holds. A text that is too long for any is left out: its receivers poll. */
function* parts(items: ReadonlySet<string>): Generator<string[]> {
  let part: string[] = []
  let size = 100
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1
    if (bytes + 100 > LONGEST_MESSAGE) continue
    if (size + bytes > LONGEST_MESSAGE) {
      yield part
      part = []
      size = 100
    }
    part.push(item)
    size += bytes
  }
  if (part.length > 0) yield part
}
