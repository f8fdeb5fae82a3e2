import { PIPELINE_HEADER, PIPELINE_VERSION } from '@reeve/schemas/pipeline'
import { ApiError, ConnectionError, isUntrusted, reasonOf } from './api-error.ts'
import { authorization, type Credentials } from './auth.ts'
import { isRetryable, parseRetryAfterMs, retryDelayMs } from './backoff.ts'
import { Congestion } from './congestion.ts'
import { CsrfKeeper, type CsrfToken } from './csrf.ts'
import { sleepSeconds } from './sleep.ts'
import { startsUnderWay } from './under-way.ts'

/** Calls that others wait for. */
const STARTS: ReadonlySet<string | undefined> = new Set(['startFlowRun', 'startTaskRun'])

export interface TransportOptions extends Credentials {
  /** Base of the REST API, such as `http://127.0.0.1:4200/api`. */
  url: string
  headers?: Record<string, string>
  /** Tries after the first one. */
  retries?: number
  /** Milliseconds for one try. */
  timeoutMs?: number
  fetch?: typeof fetch
  /** Where the server is now, for websockets; `url` when left out. */
  currentUrl?: () => string
  /** Waits between tries, in seconds. */
  sleep?: (seconds: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
  now?: () => number
  /** Told what people should know: a server that does not answer, and when it does again. */
  say?: (level: 'info' | 'warn', message: string) => void
}

/** What calls go through. */
export interface Sender {
  /** Base of the REST API, without a slash at the end. */
  readonly url: string
  /** The decoded body of a success; undefined for an empty one. Throws ApiError or ConnectionError. */
  send(request: TransportRequest): Promise<unknown>
}

export interface TransportRequest {
  method: string
  /** The route's id and parameters, for those that send calls by name. */
  call?: string
  params?: Record<string, unknown>
  /** Already filled in, starting with a slash. */
  path: string
  body?: unknown
  signal?: AbortSignal
  /** The server may take so many seconds to answer, if it knows how to wait; the place tells who asks again. */
  wait?: { seconds: number; place: string }
  /** Tells that the answer is text, not JSON. */
  text?: boolean
}

const USER_AGENT = 'reeve/0.1.0'
/** The version of the wire contract which this client speaks. */
const API_VERSION = '0.8.4'

/** After so many tries of one request people are told why the server refuses it. */
export const LONG_REFUSED = 4

/** Sends requests to one server: credentials, retries with back-off, CSRF tokens, errors that say what to do. */
export class Transport implements Sender {
  readonly url: string
  readonly #options: TransportOptions
  /** Sent with every request, credentials among them. */
  readonly headers: Record<string, string>
  readonly #csrf: CsrfKeeper
  readonly #congestion = new Congestion()
  /** Since the last answer, somebody was told that none comes. */
  #isAway = false

  constructor(options: TransportOptions) {
    this.url = options.url.replace(/\/+$/, '')
    this.#options = options
    const credentials = authorization(options)
    this.headers = {
      'user-agent': USER_AGENT,
      'x-prefect-api-version': API_VERSION,
      ...(credentials && { authorization: credentials }),
      ...options.headers,
    }
    this.#csrf = new CsrfKeeper((client) => this.#askForCsrfToken(client))
  }

  async send(request: TransportRequest): Promise<unknown> {
    if (!STARTS.has(request.call)) await startsUnderWay()
    const csrf = request.method === 'GET' ? {} : await this.#csrf.headers(this.#now())
    try {
      return await this.#sendWithRetries(request, csrf)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403 || !error.detail.includes('CSRF')) throw error
      this.#csrf.renew()
      return this.#sendWithRetries(request, await this.#csrf.headers(this.#now()))
    }
  }

  /** One look at whether a server is there, and what it says of itself; undefined without any answer. */
  async look(): Promise<{ hasPipeline: boolean } | undefined> {
    const answer = await this.#try({ method: 'GET', path: '/admin/version' }, {})
    if (!(answer instanceof Response)) return undefined
    await answer.body?.cancel()
    return { hasPipeline: answer.headers.get(PIPELINE_HEADER) === PIPELINE_VERSION }
  }

  async #sendWithRetries(request: TransportRequest, csrf: Record<string, string>): Promise<unknown> {
    const { retries = 5, random = Math.random } = this.#options
    for (let attempt = 1; ; attempt++) {
      const answer = request.wait
        ? await this.#try(request, csrf)
        : await this.#congestion.pass(() => this.#try(request, csrf), isBusy)
      this.#tellOfAnswers(answer, attempt <= retries)
      if (answer instanceof Response && answer.ok) return this.#decode(request, answer)
      const mayRetry = answer instanceof Response ? isRetryable(answer.status) : !isUntrusted(answer.cause)
      if (!mayRetry || attempt > retries) throw await this.#failure(request, answer)
      const retryAfter = answer instanceof Response ? answer.headers.get('retry-after') : null
      if (answer instanceof Response) await this.#tellOfRefusal(request, answer, attempt)
      const wait = retryDelayMs(attempt, retryAfter, random(), this.#now())
      await (this.#options.sleep ?? sleepSeconds)(wait / 1000, request.signal)
    }
  }

  /** One try; a failure to get any answer is returned, but an abort by the caller is thrown. */
  async #try(request: TransportRequest, csrf: Record<string, string>): Promise<Response | NetworkFailure> {
    const { timeoutMs = 60_000 } = this.#options
    const { wait } = request
    const deadline = AbortSignal.timeout(timeoutMs + (wait?.seconds ?? 0) * 1000)
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
    const init: RequestInit = { method: request.method, headers: { ...this.headers, ...csrf }, signal }
    if (wait)
      init.headers = { ...init.headers, prefer: `wait=${wait.seconds.toFixed(3)}; place=${wait.place}` }
    if (request.body !== undefined) {
      init.body = JSON.stringify(request.body)
      init.headers = { ...init.headers, 'content-type': 'application/json' }
    }
    try {
      return await (this.#options.fetch ?? fetch)(this.url + request.path, init)
    } catch (cause) {
      request.signal?.throwIfAborted()
      return { cause }
    }
  }

  /** Waiting for a server takes minutes, in which people wonder what goes on. */
  #tellOfAnswers(answer: Response | NetworkFailure, mayTryAgain: boolean): void {
    const { say } = this.#options
    if (answer instanceof Response) {
      if (this.#isAway) say?.('info', `The server at ${this.url} answers again`)
      this.#isAway = false
    } else if (!this.#isAway && mayTryAgain && !isUntrusted(answer.cause)) {
      this.#isAway = true
      say?.('warn', `No answer from the server at ${this.url} (${reasonOf(answer.cause)}); trying again`)
    }
  }

  /** Servers are busy now and then; what goes on for long is for people to know. */
  async #tellOfRefusal(request: TransportRequest, answer: Response, attempt: number): Promise<void> {
    if (attempt !== LONG_REFUSED) return answer.body?.cancel()
    const body = parseIfJson(await answer.text())
    const { message } = new ApiError(`${request.method} ${request.path}`, answer.status, body, {
      advice: 'It is tried again.',
    })
    this.#options.say?.('warn', message)
  }

  async #decode(request: TransportRequest, answer: Response): Promise<unknown> {
    const body = await answer.text()
    if (request.text) return body
    if (body === '') return undefined
    const value = parseIfJson(body)
    if (value !== body) return value
    throw new ApiError(`${request.method} ${request.path}`, answer.status, body, {
      advice: this.#otherServer,
    })
  }

  async #failure(request: TransportRequest, answer: Response | NetworkFailure): Promise<Error> {
    if (!(answer instanceof Response)) return new ConnectionError(this.url, answer.cause)
    const text = await answer.text()
    const body = parseIfJson(text)
    const wait = parseRetryAfterMs(answer.headers.get('retry-after'), this.#now())
    const isElsewhere = answer.status === 404 && (body === text || !this.url.endsWith('/api'))
    return new ApiError(`${request.method} ${request.path}`, answer.status, body, {
      ...(wait !== undefined && { retryAfterSeconds: wait / 1000 }),
      ...(isElsewhere && { advice: this.#otherServer }),
    })
  }

  get #otherServer(): string {
    return `Is ${this.url} the API of a Reeve or Prefect server? As a rule its address, in REEVE_API_URL, ends in /api.`
  }

  async #askForCsrfToken(client: string): Promise<CsrfToken | undefined> {
    try {
      const path = `/csrf-token?client=${client}`
      const answer = (await this.#sendWithRetries({ method: 'GET', path }, {})) as {
        token: string
        expiration: string
      }
      return { token: answer.token, client, expiresMs: Date.parse(answer.expiration) }
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return undefined
      throw error
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }
}

function isBusy(answer: Response | NetworkFailure): boolean {
  return answer instanceof Response && (answer.status === 503 || answer.status === 429)
}

interface NetworkFailure {
  cause: unknown
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
