/** The server answered with a status that is not a success. `detail` is its own explanation. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly detail: string
  readonly body: unknown
  /** Seconds that the server asks to wait, if it does. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    request: string,
    status: number,
    body: unknown,
    {
      retryAfterSeconds,
      advice = isUnknownForm(body) ? COMPARE : ADVICE[status],
    }: { retryAfterSeconds?: number; advice?: string } = {},
  ) {
    const detail = describe(body).replace(/\.$/, '')
    super([`${request} answered ${status}${detail && `: ${detail}`}.`, advice].filter(Boolean).join(' '))
    this.status = status
    this.detail = describe(body)
    this.body = body
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Whether the server said that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

const COMPARE = 'If that is what you meant to send, compare the versions of client and server.'

/** Whether a field has another shape than the server knows; other refusals are for what the field says. */
function isUnknownForm(body: unknown): boolean {
  const problems: unknown = (body as { exception_detail?: unknown } | null)?.exception_detail
  return Array.isArray(problems) && problems.some(({ type }) => type !== 'value_error')
}

const ADVICE: { [status: number]: string } = {
  401: 'Set REEVE_API_AUTH_STRING to user:password, or REEVE_API_KEY, as this server expects.',
  403: 'These credentials may not do this.',
  413: 'Send less at once: keep large values in result storage and pass references.',
  429: 'The server is limiting requests; try again later or lower the concurrency.',
  503: 'The server cannot do it now; try again later.',
}

/** Whether the server took offence at what was sent, rather than at how things are. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 422 || error.status === 413 || error.status === 400)
}

/** No answer came: the server is not there, or the connection broke, after all retries. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'

  constructor(url: string, cause: unknown) {
    const advice = isUntrusted(cause)
      ? 'Its certificate is not trusted: name the file of the authority that signed it in NODE_EXTRA_CA_CERTS.'
      : 'Start it with `reeve server start`, correct REEVE_API_URL, or unset it to run with an embedded server.'
    super(`No answer from the server at ${url} (${reasonOf(cause)}). ${advice}`, { cause })
  }
}

const UNTRUSTED = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET_ISSUER))/

/** Whether the connection failed for the server's certificate, which another try would not mend. */
export function isUntrusted(cause: unknown): boolean {
  return UNTRUSTED.test(reasonOf(cause))
}

function describe(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, 500)
  if (typeof body !== 'object' || body === null) return ''
  const { detail, exception_message: message, exception_detail: problems } = body as Record<string, unknown>
  const said = detail ?? message
  if (Array.isArray(problems) && problems.every(isProblem)) return problems.map(inWords).join('; ')
  if (problems !== undefined) return `${typeof said === 'string' ? said : ''} ${short(problems)}`.trim()
  return typeof said === 'string' ? said : short(said)
}

/** What a server says of one field that it does not accept; beside it there may be all that was sent. */
interface Problem {
  loc: readonly (string | number)[]
  msg: string
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false
  const { loc, msg } = value as Record<string, unknown>
  return Array.isArray(loc) && typeof msg === 'string'
}

function inWords({ loc, msg }: Problem): string {
  const where = loc.filter((part) => part !== 'body').join('.')
  const what = msg.replace(/^Value error, /, '')
  return where ? `${where}: ${what}` : what
}

function short(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value).slice(0, 500)
}

/** In a word, why no answer came. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause
  if (inner instanceof Error) return 'code' in inner ? String(inner.code) : inner.message
  return cause.message
}
