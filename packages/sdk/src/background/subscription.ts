import type { TaskRun } from '@reeve/schemas/task-run'
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
  onRun: (run: TaskRun) => void
  /** Runs that may be unacknowledged at the moment. */
  window: () => number
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
  #acknowledged: string[] = []
  #toldWindow = -1
  #isTelling = false
  #isOver = false

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  /** Stays subscribed, whatever becomes of the server, until the signal aborts. Throws when it may not subscribe. */
  async stay(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const started = Date.now()
      const ending = await this.#connectOnce(signal)
      if (signal.aborted) break
      if (ending.refused) throw new Error(`The server does not let this worker in: ${ending.reason}`)
      failures = Date.now() - started > STABLE_MS ? 1 : failures + 1
      if (failures === 1) log.warn(`The connection to the server ended (${ending.reason}); connecting again`)
      const wait = retryDelayMs(Math.min(failures, MOST_DOUBLINGS), null, Math.random(), Date.now())
      await sleepSeconds(wait / 1000, signal).catch(() => {})
    }
    this.#isOver = true
  }

  /** Tells the server that the run is taken: it goes to nobody else. */
  acknowledge(taskRunId: string): void {
    this.#acknowledged.push(taskRunId)
    this.tell()
  }

  /** Tells, soon, what was acknowledged and how much room there is. */
  tell(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    setImmediate(() => {
      this.#isTelling = false
      this.#tellNow()
    })
  }

  #tellNow(): void {
    const socket = this.#socket
    const window = this.#options.window()
    const ids = this.#acknowledged
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      // The server of a broken connection sees by itself that these have begun.
      this.#acknowledged = []
      return
    }
    if (ids.length === 0 && (!this.#takesMany || window === this.#toldWindow)) return
    this.#acknowledged = []
    this.#toldWindow = window
    socket.send(JSON.stringify({ type: 'ack', ids, window }))
  }

  #connectOnce(signal: AbortSignal): Promise<Ending> {
    const { connection, taskKeys, clientId } = this.#options
    const token = connection.authString ?? connection.apiKey ?? null
    return new Promise((resolve) => {
      const socket = new WebSocket(socketUrl(connection), 'prefect')
      const abort = () => socket.close(1000)
      signal.addEventListener('abort', abort, { once: true })
      let problem = 'no answer'
      const patience = setTimeout(() => socket.close(), PATIENCE_MS)
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'auth', token })))
      socket.addEventListener('error', (event) => {
        const { error, message } = event as ErrorEvent
        problem = message || describeError(error ?? 'it broke')
      })
      socket.addEventListener(
        'message',
        ({ data }) => {
          clearTimeout(patience)
          if ((JSON.parse(String(data)) as { type?: unknown }).type !== 'auth_success') return socket.close()
          this.#socket = socket
          this.#takesMany = false
          this.#acknowledged = []
          this.#toldWindow = this.#options.window()
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
        const refused = code === POLICY_VIOLATION || code === PROTOCOL_VIOLATION
        resolve({ refused, reason: reason || (code === NO_CLOSE_FRAME ? problem : `code ${code}`) })
      })
    })
  }

  #receive(text: string): void {
    if (this.#isOver) return
    const frame = JSON.parse(text) as TaskRun[] | TaskRun | { type: 'subscribed' }
    if (Array.isArray(frame)) for (const run of frame) this.#options.onRun(run)
    else if ('type' in frame) {
      this.#takesMany = true
      this.tell()
    } else this.#options.onRun(frame)
  }
}

interface Ending {
  refused: boolean
  reason: string
}

const POLICY_VIOLATION = 1008
const PROTOCOL_VIOLATION = 4001
const NO_CLOSE_FRAME = 1006
const PATIENCE_MS = 30_000
/** A connection that lasted so long says that the server is well. */
const STABLE_MS = 10_000
/** Waits grow to about 8 seconds. */
const MOST_DOUBLINGS = 6

function socketUrl({ url, currentUrl }: TransportOptions): string {
  return `${(currentUrl?.() ?? url).replace(/^http/, 'ws')}/task_runs/subscriptions/scheduled`
}
