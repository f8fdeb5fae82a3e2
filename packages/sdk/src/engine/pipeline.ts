import { PIPELINED } from '@reeve/schemas/pipeline'
import type { PipelineAnswer, PipelineCall } from '@reeve/schemas/pipeline'
import { ApiError, ConnectionError } from '../client/api-error.ts'
import { isRetryable, retryDelayMs } from '../client/backoff.ts'
import { sleepSeconds } from '../client/sleep.ts'
import {
  LONG_REFUSED,
  Transport,
  type Sender,
  type TransportOptions,
  type TransportRequest,
} from '../client/transport.ts'
import { currentScope } from './scope.ts'
import { openPipeline, type PipelineSocket } from './pipeline-socket.ts'

export interface PipelineOptions extends TransportOptions {
  /** Sends everything by REST. */
  isRest?: boolean
  /** Told what people should know: lost and found connections. */
  say: (level: 'info' | 'warn', message: string) => void
  /** Makes of what a pipeline answers what REST does; without it, it is left as it is. */
  whole?: (request: TransportRequest, answer: unknown) => unknown
  /** Seconds that calls wait for a server which is away. */
  patienceSeconds?: number
}

interface Waiting {
  readonly request: TransportRequest
  readonly frame: string
  readonly resolve: (body: unknown) => void
  readonly reject: (error: unknown) => void
  tries: number
}

const PATIENCE_SECONDS = 90
const MOST_TRIES = 10
const FIRST_BACKOFF_MS = 50
const LONGEST_BACKOFF_MS = 1000
/** How a server closes that takes smaller frames than this. */
const TOO_LARGE = 1009
/** Characters; what is larger goes by REST, whose answer says what is too much. */
const LARGEST_FRAME = 1_000_000

/**
 * Sends calls over one websocket when the server has a pipeline, many in flight and those of one moment in
 * one frame; otherwise, and for all other calls, by REST. When the connection is lost, what is not answered
 * is sent again on the next one.
 */
export class Pipeline implements Sender {
  readonly url: string
  readonly #options: PipelineOptions
  readonly #transport: Transport
  #mode: 'unknown' | 'pipeline' | 'rest' = 'unknown'
  #socket: PipelineSocket | undefined
  #connecting: Promise<void> | undefined
  #next = 0
  readonly #waiting = new Map<number, Waiting>()
  /** Not in a frame yet. */
  #outbox: string[] = []
  /** Characters in the outbox. */
  #gathered = 0
  /** When the server was first looked for in vain; what is called later waits no longer than what was called then. */
  #awaySince: number | undefined
  #saidAway = false
  #saidWhyRefused = false

  constructor(options: PipelineOptions) {
    this.#options = options
    if (options.isRest) this.#mode = 'rest'
    this.#transport = new Transport(options)
    this.url = this.#transport.url
  }

  /** Whether the server has a pipeline; looks on first use. */
  async isThere(): Promise<boolean> {
    if (this.#mode === 'unknown') await this.#connect()
    return this.#mode === 'pipeline'
  }

  /** Whether calls leave at once. */
  get isOpen(): boolean {
    return this.#socket !== undefined
  }

  async send(request: TransportRequest): Promise<unknown> {
    const { call, params, body } = request
    if (call === undefined || !PIPELINED.has(call) || !(await this.isThere()))
      return this.#transport.send(request)
    const start = currentScope()?.flow?.start
    if (start && !start.isAnswered) await start.answered()
    request.signal?.throwIfAborted()
    const n = this.#next++
    const frame = JSON.stringify({ n, call, ...(params && { params }), body } satisfies PipelineCall)
    if (frame.length > LARGEST_FRAME) return this.#transport.send(request)
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { request, frame, resolve, reject, tries: 0 })
      if (this.#waiting.size === 1) this.#socket?.hold(true)
      this.#put(frame)
      if (!this.#socket) void this.#connect()
    })
  }

  /** Lets the connection go; it is made again when it is needed. */
  close(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  #put(call: string): void {
    if (!this.#socket) return
    if (this.#gathered + call.length > LARGEST_FRAME) this.#flush()
    this.#gathered += call.length
    if (this.#outbox.push(call) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const calls = this.#outbox
    this.#outbox = []
    this.#gathered = 0
    if (calls.length > 0) this.#socket?.send(`[${calls.join(',')}]`)
  }

  #receive(text: string): void {
    for (const answer of JSON.parse(text) as PipelineAnswer[]) this.#settle(answer)
    if (this.#waiting.size === 0) this.#socket?.hold(false)
  }

  #settle({ n, status, body, retry_after: after }: PipelineAnswer): void {
    const waiting = n === null ? undefined : this.#waiting.get(n)
    if (n === null || !waiting) return
    const { request, frame } = waiting
    if (isRetryable(status) && ++waiting.tries < MOST_TRIES) {
      if (waiting.tries === LONG_REFUSED) this.#sayWhyRefused(request, status, body)
      const wait = retryDelayMs(waiting.tries, after === undefined ? null : String(after), Math.random(), 0)
      // Lost connections send it again by themselves meanwhile.
      void sleepSeconds(wait / 1000).then(() => this.#waiting.has(n) && this.#put(frame))
      return
    }
    this.#waiting.delete(n)
    this.#saidWhyRefused = false
    if (status < 300) waiting.resolve(this.#whole(request, body ?? undefined))
    else
      waiting.reject(
        new ApiError(`${request.method} ${request.path}`, status, body, {
          ...(after !== undefined && { retryAfterSeconds: after }),
        }),
      )
  }

  #whole(request: TransportRequest, answer: unknown): unknown {
    const { whole } = this.#options
    return whole ? whole(request, answer) : answer
  }

  /** Once for all calls that wait. */
  #sayWhyRefused({ method, path }: TransportRequest, status: number, body: unknown): void {
    if (this.#saidWhyRefused) return
    this.#saidWhyRefused = true
    this.#say(
      'warn',
      new ApiError(`${method} ${path}`, status, body, { advice: 'It is tried again.' }).message,
    )
  }

  /** Resolves when there is a connection, or it is known that there is none to be had. Never rejects. */
  #connect(): Promise<void> {
    this.#connecting ??= this.#open().finally(() => (this.#connecting = undefined))
    return this.#connecting
  }

  async #open(): Promise<void> {
    for (let backoff = FIRST_BACKOFF_MS; ; backoff = Math.min(2 * backoff, LONGEST_BACKOFF_MS)) {
      const opened = await this.#tryOpen()
      if (opened.kind === 'open') return this.#use(opened.socket)
      // Looking also finds a server that has moved, if that is possible.
      const server = await this.#transport.look()
      if (server !== undefined && (opened.kind === 'refused' || !server.hasPipeline || backoff > 400)) {
        if (server.hasPipeline) this.#say('warn', `${this.url} lets no websocket in (${opened.why})`)
        return this.#turnToRest()
      }
      // A first call finds out by REST, which says best what is wrong.
      if (server === undefined && this.#mode === 'unknown') return
      this.#awaySince ??= Date.now()
      const { patienceSeconds = PATIENCE_SECONDS } = this.#options
      if (Date.now() > this.#awaySince + patienceSeconds * 1000) return this.#giveUp(opened.why)
      this.#sayAway(`${this.url} does not answer (${opened.why})`)
      await sleepSeconds((backoff * (1 + Math.random())) / 1000)
    }
  }

  #tryOpen() {
    const { authString, apiKey, currentUrl } = this.#options
    const base = (currentUrl?.() ?? this.url).replace(/^http/, 'ws')
    return openPipeline(`${base}/pipeline`, apiKey ?? authString, this.#transport.headers, {
      message: (text) => this.#receive(text),
      closed: (why) => this.#lost(why),
    })
  }

  #use(socket: PipelineSocket): void {
    this.#socket = socket
    this.#outbox = []
    this.#gathered = 0
    const again = this.#mode === 'pipeline' && this.#waiting.size > 0
    this.#mode = 'pipeline'
    this.#awaySince = undefined
    this.#saidAway = false
    socket.hold(this.#waiting.size > 0)
    for (const { frame } of this.#waiting.values()) this.#put(frame)
    if (again) this.#say('info', `Connected to ${this.url}; ${this.#waiting.size} calls are sent again`)
  }

  #lost(why: string): void {
    if (!this.#socket) return
    this.#socket = undefined
    if (why.endsWith(`code ${TOO_LARGE}`)) return this.#turnToRest()
    if (this.#waiting.size === 0) return
    this.#sayAway(`The connection to ${this.url} was lost (${why})`)
    void this.#connect()
  }

  #turnToRest(): void {
    this.#mode = 'rest'
    for (const [n, { request, resolve, reject }] of this.#waiting) {
      this.#waiting.delete(n)
      this.#transport.send(request).then(resolve, reject)
    }
  }

  #giveUp(why: string): void {
    for (const [n, { reject }] of this.#waiting) {
      this.#waiting.delete(n)
      reject(new ConnectionError(this.url, new Error(why)))
    }
  }

  #sayAway(what: string): void {
    if (this.#saidAway) return
    this.#saidAway = true
    this.#say('warn', `${what}; ${this.#waiting.size} calls wait for it`)
  }

  #say(level: 'info' | 'warn', message: string): void {
    this.#options.say(level, message)
  }
}
