import type { ReceivedEvent } from '@reeve/schemas/event'
import type { Clock } from '../client/clock.ts'
import { untilLook } from '../client/until-look.ts'
import { type Bell, listenForEvents } from './event-bell.ts'
import type { Runtime } from './runtime.ts'

/** What somebody looks for on the server. */
export interface LooksOptions {
  /** Names, in full, of the events that tell that it is there. */
  names: readonly string[]
  matches: (event: ReceivedEvent) => boolean
  /** Given each event that is told. */
  onEvent?: (event: ReceivedEvent) => void
  /** Seconds between looks at most, where the server does not tell. */
  pollSeconds: number
  /** The same where the server tells; 30 when left out. */
  liveSeconds?: number
  /** Before the first look again; 0.1 when left out. */
  firstSeconds?: number
  /** Looked at before each wait: events are listened for from the first time that it holds. */
  listensWhen?: () => boolean
  /** False where the server may keep what is looked for to itself, so that being told nothing means nothing. */
  isTold?: boolean
}

const FIRST_SECONDS = 0.1
const GROWTH = 1.5
/** While the server tells of it by itself. */
const LIVE_SECONDS = 30
const LATE_MS = 15_000

/** Paces looks at a server: soon after it told something, seldom while it would tell, ever more seldom otherwise. */
export class Looks {
  readonly #runtime: Runtime
  readonly #clock: Clock
  readonly #options: LooksOptions
  readonly #first: number
  #bell: Bell | undefined
  #rung = Promise.withResolvers<void>()
  #pause: number
  #patientFrom: number

  constructor(runtime: Runtime, options: LooksOptions) {
    this.#runtime = runtime
    this.#clock = runtime.clock
    this.#options = options
    this.#first = Math.min(options.firstSeconds ?? FIRST_SECONDS, options.pollSeconds)
    this.#pause = this.#first
    this.#patientFrom = this.#clock.now()
    this.#listen()
  }

  /** Whether the server would tell. */
  get isLive(): boolean {
    return this.#options.isTold !== false && (this.#bell?.isLive ?? false)
  }

  /** To be called before each look: what is told from then on ends the wait that follows. */
  begin(): void {
    this.#rung = Promise.withResolvers()
  }

  /** The next looks come at short distances again. */
  hurry(): void {
    this.#pause = this.#first
  }

  /** It is time to look. */
  ring(): void {
    this.hurry()
    // A server may tell of what cannot be read yet.
    this.#patientFrom = this.#clock.now() + LATE_MS
    this.#rung.resolve()
  }

  /** Until it is time to look again, or `left` seconds are over. Rejects when it is stopped. */
  async wait(left = Number.POSITIVE_INFINITY, stopped?: AbortSignal): Promise<void> {
    this.#listen()
    const isPatient = this.isLive && this.#clock.now() >= this.#patientFrom
    const wait = isPatient ? (this.#options.liveSeconds ?? LIVE_SECONDS) : this.#pause
    this.#pause = Math.min(GROWTH * this.#pause, this.#options.pollSeconds)
    await untilLook(this.#clock, { wait, left, rung: this.#rung.promise }, stopped)
  }

  end(): void {
    this.#bell?.end()
  }

  #listen(): void {
    const { names, matches, onEvent, listensWhen } = this.#options
    if (this.#bell || listensWhen?.() === false) return
    const ring = (event?: ReceivedEvent) => {
      if (event) onEvent?.(event)
      this.ring()
    }
    this.#bell = listenForEvents(this.#runtime, { names, matches, ring })
  }
}
