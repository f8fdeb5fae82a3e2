import type { ReceivedEvent } from '@reeve/schemas/event'
import { authorization } from '../client/auth.ts'
import { systemClock } from '../client/clock.ts'
import { sleepSeconds } from '../client/sleep.ts'
import type { TransportOptions } from '../client/transport.ts'
import { openPipeline, type PipelineSocket } from './pipeline-socket.ts'
import type { Runtime } from './runtime.ts'

/** Which events are worth a look. */
export interface BellOptions {
  /** Names of events, in full. */
  names: readonly string[]
  matches: (event: ReceivedEvent) => boolean
  /** Called for each such event, and without one whenever some may have been missed. */
  ring: (event?: ReceivedEvent) => void
}

/** Somebody who listens. */
export interface Bell {
  /** Whether the server tells of events now; otherwise it has to be asked. */
  readonly isLive: boolean
  end(): void
}

const FIRST_BACKOFF_SECONDS = 0.1
const LONGEST_BACKOFF_SECONDS = 15
/** A socket that nobody listens to is kept for the next one for so long. */
const LINGER_MS = 2000
const FAR_MS = 10 * 365 * 86_400_000

/** Tells of events over one websocket, for however many listen. What the events hold is read by REST. */
class EventBells {
  readonly #connection: TransportOptions
  readonly #listening = new Set<BellOptions>()
  #socket: PipelineSocket | undefined
  #isLive = false
  /** Names that the open socket was asked for. */
  #told: ReadonlySet<string> = new Set()
  #isConnecting = false
  #linger: NodeJS.Timeout | undefined

  constructor(connection: TransportOptions) {
    this.#connection = connection
  }

  listen(options: BellOptions): Bell {
    this.#listening.add(options)
    clearTimeout(this.#linger)
    this.#socket?.hold(true)
    // A socket is asked for one filter only, so another name takes another socket.
    if (options.names.some((name) => !this.#told.has(name))) this.#hangUp()
    if (!this.#socket) void this.#connect()
    const isLive = () => this.#isLive
    return {
      get isLive() {
        return isLive()
      },
      end: () => {
        this.#listening.delete(options)
        if (this.#listening.size === 0) this.#rest()
      },
    }
  }

  #rest(): void {
    this.#socket?.hold(false)
    this.#linger = setTimeout(() => this.#hangUp(), LINGER_MS).unref()
  }

  #hangUp(): void {
    const socket = this.#socket
    this.#lose()
    socket?.close()
  }

  #lose(): void {
    this.#socket = undefined
    this.#isLive = false
    this.#told = new Set()
  }

  async #connect(): Promise<void> {
    if (this.#isConnecting) return
    this.#isConnecting = true
    let backoff = FIRST_BACKOFF_SECONDS
    while (this.#listening.size > 0 && !this.#socket) {
      if (await this.#connectOnce()) break
      await sleepSeconds(backoff * (0.5 + Math.random()))
      backoff = Math.min(2 * backoff, LONGEST_BACKOFF_SECONDS)
    }
    this.#isConnecting = false
  }

  async #connectOnce(): Promise<boolean> {
    const { url, currentUrl, headers = {}, ...credentials } = this.#connection
    const base = (currentUrl?.() ?? url).replace(/\/+$/, '').replace(/^http/, 'ws')
    const authority = authorization(credentials)
    const sent = { ...(authority && { authorization: authority }), ...headers }
    const opened = await openPipeline(
      `${base}/events/out`,
      credentials.apiKey ?? credentials.authString,
      sent,
      {
        message: (text) => this.#receive(text),
        closed: () => {
          if (opened.kind !== 'open' || opened.socket !== this.#socket) return
          this.#lose()
          if (this.#listening.size > 0) void this.#connect()
        },
      },
    )
    if (opened.kind !== 'open') return false
    const { socket } = opened
    const names = new Set([...this.#listening].flatMap((each) => each.names))
    if (names.size === 0) return (socket.close(), true)
    this.#socket = socket
    this.#told = names
    socket.hold(true)
    // A filter without an end ends when it is sent.
    const until = new Date(Date.now() + FAR_MS).toISOString()
    const filter = { event: { name: [...names] }, occurred: { until } }
    socket.send(JSON.stringify({ type: 'filter', filter, backfill: false }))
    // Once that is answered the filter is in force, and only what came before can have been missed.
    await socket.echo()
    if (socket !== this.#socket) return this.#socket !== undefined
    this.#isLive = true
    for (const { ring } of this.#listening) ring()
    return true
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as { type?: unknown; event?: ReceivedEvent }
    const { event } = frame
    if (frame.type !== 'event' || !event) return
    for (const { names, matches, ring } of this.#listening)
      if (names.includes(event.event) && matches(event)) ring(event)
  }
}

const bells = new WeakMap<TransportOptions, EventBells>()

/** Listens for events, until the bell is ended. Where time is virtual there is no socket, and nothing rings. */
export function listenForEvents({ connection, clock }: Runtime, options: BellOptions): Bell {
  if (clock !== systemClock) return { isLive: false, end() {} }
  let own = bells.get(connection)
  if (!own) bells.set(connection, (own = new EventBells(connection)))
  return own.listen(options)
}
