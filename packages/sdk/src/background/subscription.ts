import type { State as WireState } from '@reeve/schemas/state'
import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import type { WebSocket } from 'ws'
import { retryDelayMs } from '../client/backoff.ts'
import { sleepSeconds } from '../client/sleep.ts'
import type { TransportOptions } from '../client/transport.ts'
import { describeError } from '../engine/errors.ts'
import { log } from '../logs/logger.ts'

export interface SubscriptionOptions {
  connection: TransportOptions
  taskKeys: readonly string[]
  /** Shown in lists of workers. */
  clientId: string
  /** Called for each run that the server hands out. */
  onRun: (run: WaitingTaskRun) => void
  /** How many more runs could begin now. */
  room: () => number
  /** Asks the server, apart from the subscription, to let this worker have the run. */
  propose: (run: WaitingTaskRun, ids: TransitionIds) => Promise<Taken>
  /** Called each time that the server takes the subscription. */
  onSubscribed?: () => void
}

/**
 * Takes background runs from the server's queue. Reeve hands out as many as the window says; Prefect's server
 * one after the other, each after the acknowledgement of the last. What is not acknowledged when the
 * connection ends goes to another worker.
 */
export class Subscription {
  readonly #options: SubscriptionOptions
  #socket: WebSocket | undefined
  /** The server knows windows. */
  #takesMany = false
  /** Handed out, and nothing said about them yet. */
  readonly #untaken = new Set<string>()
  /** To be told to the server. */
  #takes: Take[] = []
  /** Told to the server, which has not answered. */
  readonly #asked = new Map<string, Take>()
  #acknowledged = 0
  #toldWindow = -1
  #isTelling = false

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  /** Stays subscribed, whatever becomes of the server, until the signal aborts. Throws when it may not subscribe. */
  async stay(signal: AbortSignal): Promise<void> {
    const { WebSocket } = await import('ws')
    for (let failures = 0; !signal.aborted;) {
      const started = Date.now()
      const ending = await this.#connectOnce(
        new WebSocket(socketUrl(this.#options.connection), ['prefect'], { perMessageDeflate: false }),
        signal,
      )
      if (signal.aborted) break
      if (ending.refused) throw new Error(`The server does not let this worker in: ${ending.reason}`)
      failures = Date.now() - started > STABLE_MS ? 1 : failures + 1
      if (failures === 1) log.warn(`The connection to the server ended (${ending.reason}); connecting again`)
      const wait = retryDelayMs(Math.min(failures, MOST_DOUBLINGS), null, Math.random(), Date.now())
      await sleepSeconds(wait / 1000, signal).catch(() => {})
    }
  }

  /** Makes the run this worker's own, or tells that it cannot be; then it goes to nobody else. */
  async take(run: WaitingTaskRun, { starts, deferred }: TakeOptions): Promise<Taken> {
    const ids = { pending: crypto.randomUUID(), running: starts ? crypto.randomUUID() : null }
    if (!this.#takesMany) {
      const taken = await this.#options.propose(run, ids)
      this.#acknowledged++
      this.tell()
      return taken
    }
    return new Promise((resolve, reject) => {
      this.#takes.push({ run, ids, deferred, resolve, reject })
      this.tell()
    })
  }

  /** Tells, soon, what is taken and how much room there is. */
  tell(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    setImmediate(() => {
      this.#isTelling = false
      this.#tellNow()
    })
  }

  #tellNow(): void {
    const takes = this.#takes
    const acknowledged = this.#acknowledged
    this.#takes = []
    this.#acknowledged = 0
    const socket = this.#socket
    if (!socket || socket.readyState !== socket.OPEN) return this.#proposeAll(takes)
    for (const take of takes) {
      this.#untaken.delete(take.run.id)
      this.#asked.set(take.run.id, take)
    }
    if (!this.#takesMany) {
      if (acknowledged > 0) socket.send('{"type":"ack"}')
      return
    }
    const window = this.#window()
    if (takes.length === 0 && window === this.#toldWindow) return
    this.#toldWindow = window
    const take = takes.map(({ run, ids, deferred }) => [run.id, ids.pending, ids.running, deferred])
    socket.send(JSON.stringify({ type: 'ack', take, window }))
  }

  /** Runs that may be untaken: those that are, and those for which there is room. */
  #window(): number {
    return Math.max(Math.min(this.#options.room() + this.#untaken.size, LARGEST_WINDOW), 0)
  }

  /** What was asked of a connection that is lost may have been done: the same transition is asked for again. */
  #proposeAll(takes: Iterable<Take>): void {
    for (const { run, ids, resolve, reject } of takes) this.#options.propose(run, ids).then(resolve, reject)
  }

  #connectOnce(socket: WebSocket, signal: AbortSignal): Promise<Ending> {
    const { connection, taskKeys, clientId } = this.#options
    const token = connection.authString ?? connection.apiKey ?? null
    return new Promise((resolve) => {
      const abort = () => socket.close(1000)
      signal.addEventListener('abort', abort, { once: true })
      let problem = 'no answer'
      const patience = setTimeout(() => socket.close(), PATIENCE_MS)
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'auth', token })))
      socket.addEventListener('error', ({ error, message }) => {
        problem = message || describeError(error ?? 'it broke')
      })
      socket.addEventListener(
        'message',
        ({ data }) => {
          clearTimeout(patience)
          if ((JSON.parse(String(data)) as { type?: unknown }).type !== 'auth_success') return socket.close()
          this.#socket = socket
          this.#takesMany = false
          this.#untaken.clear()
          this.#toldWindow = this.#window()
          socket.addEventListener('message', (event) => this.#receive(String(event.data)))
          const window = this.#toldWindow
          socket.send(JSON.stringify({ type: 'subscribe', keys: taskKeys, client_id: clientId, window }))
          this.#options.onSubscribed?.()
        },
        { once: true },
      )
      socket.addEventListener('close', ({ code, reason }) => {
        clearTimeout(patience)
        signal.removeEventListener('abort', abort)
        this.#socket = undefined
        this.#takesMany = false
        const asked = [...this.#asked.values()]
        this.#asked.clear()
        this.#proposeAll(asked)
        const refused = code === POLICY_VIOLATION || code === PROTOCOL_VIOLATION
        resolve({ refused, reason: reason || (code === NO_CLOSE_FRAME ? problem : `code ${code}`) })
      })
    })
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as Frame
    if (Array.isArray(frame)) for (const run of frame) this.#begin(run)
    else if (!('type' in frame)) this.#begin(frame)
    else if (frame.type === 'taken') for (const answer of frame.runs) this.#answer(answer)
    else {
      this.#takesMany = true
      this.tell()
    }
  }

  #begin(run: WaitingTaskRun): void {
    this.#untaken.add(run.id)
    this.#options.onRun(run)
  }

  #answer({ id, is_yours: isOurs, running }: TakenFrame): void {
    const take = this.#asked.get(id)
    this.#asked.delete(id)
    take?.resolve({ isOurs, ...(running && { running: runningState(running) }) })
  }
}

/** Ids of the transitions that taking a run makes; `running` is null when it is to be Pending only. */
export interface TransitionIds {
  pending: string
  running: string | null
}

/** What became of an attempt to take a run. */
export interface Taken {
  isOurs: boolean
  /** The run's state, if it is running already. */
  running?: WireState
}

interface TakeOptions {
  /** The run can begin as soon as it is taken. */
  starts: boolean
  /** It is to run as a background task of a flow run that may be over. */
  deferred: boolean
}

interface Take {
  run: WaitingTaskRun
  ids: TransitionIds
  deferred: boolean
  resolve: (taken: Taken) => void
  reject: (error: unknown) => void
}

interface TakenFrame {
  id: string
  is_yours: boolean
  running?: { id: string; name: string; timestamp: string }
}

type Frame =
  | WaitingTaskRun[]
  | WaitingTaskRun
  | { type: 'subscribed' }
  | { type: 'taken'; runs: TakenFrame[] }

function runningState(known: { id: string; name: string; timestamp: string }): WireState {
  return { ...known, type: 'RUNNING', message: null, data: null, state_details: {} } as unknown as WireState
}

interface Ending {
  refused: boolean
  reason: string
}

const POLICY_VIOLATION = 1008
const PROTOCOL_VIOLATION = 4001
const NO_CLOSE_FRAME = 1006
const PATIENCE_MS = 30_000
/** The server gives no more at once. */
const LARGEST_WINDOW = 1000
/** A connection that lasted so long says that the server is well. */
const STABLE_MS = 10_000
/** Waits grow to about 8 seconds. */
const MOST_DOUBLINGS = 6

function socketUrl({ url, currentUrl }: TransportOptions): string {
  return `${(currentUrl?.() ?? url).replace(/^http/, 'ws')}/task_runs/subscriptions/scheduled`
}
