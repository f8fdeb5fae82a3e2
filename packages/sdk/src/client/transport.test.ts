import { describe, expect, test } from 'vitest'
import { ApiError, ConnectionError } from './api-error.ts'
import { buildPath } from './path.ts'
import { Transport, type TransportOptions } from './transport.ts'

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: unknown
}

type Answer = Response | Error

/** A transport whose network gives the answers in turn; CSRF is off unless `csrf` is set. */
function transport(answers: Answer[], options: Partial<TransportOptions> & { csrf?: boolean } = {}) {
  const sent: Sent[] = []
  const waits: number[] = []
  const { csrf, ...rest } = options
  const network = async (url: string | URL | Request, init: RequestInit = {}) => {
    const path = String(url).replace('http://server.invalid/api', '')
    if (path.startsWith('/csrf-token')) {
      const token = { token: `token-${sent.length}`, expiration: '2100-01-01T00:00:00Z' }
      return csrf
        ? Response.json(token)
        : Response.json({ detail: 'CSRF protection is disabled.' }, { status: 422 })
    }
    sent.push({
      method: init.method!,
      path,
      headers: init.headers as Record<string, string>,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
    })
    const answer = answers.shift()
    if (!answer) throw new Error('no answer is left')
    if (answer instanceof Error) throw answer
    return answer
  }
  const it = new Transport({
    url: 'http://server.invalid/api/',
    fetch: network as typeof fetch,
    sleep: async (seconds) => void waits.push(seconds),
    random: () => 0,
    ...rest,
  })
  return { sent, waits, send: it.send.bind(it) }
}

const busy = (headers: Record<string, string> = {}) => new Response('', { status: 503, headers })
const post = { method: 'POST', path: '/flows/', body: { name: 'etl' } }

describe('Transport', () => {
  test('sends JSON and decodes the answer; an empty one is undefined', async () => {
    const { send, sent } = transport([Response.json({ id: 1 }), new Response(null, { status: 204 })])
    expect(await send(post)).toEqual({ id: 1 })
    expect(await send({ method: 'DELETE', path: '/flows/1' })).toBeUndefined()
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/flows/', body: { name: 'etl' } })
    expect(sent[0]!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-prefect-api-version': '0.8.4',
    })
  })

  test.each([408, 429, 502, 503])('tries again after %d', async (status) => {
    const { send, sent } = transport([new Response('', { status }), Response.json('fine')])
    expect(await send(post)).toBe('fine')
    expect(sent).toHaveLength(2)
  })

  test.each([400, 401, 404, 409, 422, 500])('does not try again after %d', async (status) => {
    const { send, sent } = transport([Response.json({ detail: 'no' }, { status }), Response.json('fine')])
    await expect(send(post)).rejects.toMatchObject({ name: 'ApiError', status, detail: 'no' })
    expect(sent).toHaveLength(1)
  })

  test('waits as long as the server asks for, otherwise longer each time', async () => {
    const { send, waits } = transport([busy({ 'retry-after': '7.5' }), busy(), busy(), Response.json(1)])
    await send(post)
    expect(waits).toEqual([7.5, 0.5, 1])
  })

  test('outlasts a database that is away for a minute, however soon the server asks it to come again', async () => {
    const refusals = Array.from({ length: 9 }, () => busy({ 'retry-after': '1' }))
    const { send, waits } = transport([...refusals, Response.json('fine')], { retries: 9 })
    expect(await send(post)).toBe('fine')
    expect(waits.reduce((sum, seconds) => sum + seconds)).toBeGreaterThan(60)
  })

  test('tries again when the network fails, and gives up with advice', async () => {
    const refused = new TypeError('fetch failed', {
      cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
    })
    const { send } = transport([refused, Response.json('fine')])
    expect(await send(post)).toBe('fine')
    const away = transport([refused, refused, refused], { retries: 2 })
    const failure = await away.send(post).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConnectionError)
    expect(String(failure)).toContain('ECONNREFUSED')
    expect(String(failure)).toContain('reeve server start')
    expect(away.sent).toHaveLength(3)
  })

  test('says once that a server is away, and when it answers again', async () => {
    const said: string[] = []
    const away = new TypeError('fetch failed')
    const { send } = transport([away, away, Response.json(1), Response.json(2)], {
      say: (level, text) => void said.push(`${level}: ${text}`),
    })
    await send(post)
    await send(post)
    expect(said).toEqual([
      'warn: No answer from the server at http://server.invalid/api (fetch failed); trying again',
      'info: The server at http://server.invalid/api answers again',
    ])
  })

  test('says why a server refuses for long, once for a request', async () => {
    const said: string[] = []
    const full = () => Response.json({ exception_message: 'The disk is full' }, { status: 503 })
    const { send } = transport([full(), full(), full(), full(), full(), Response.json(1)], {
      say: (_, text) => void said.push(text),
    })
    await send(post)
    expect(said).toEqual(['POST /flows/ answered 503: The disk is full. It is tried again.'])
  })

  test('does not try a server again whose certificate is not trusted', async () => {
    const code = 'DEPTH_ZERO_SELF_SIGNED_CERT'
    const untrusted = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) })
    const { send, sent } = transport([untrusted, Response.json(1)])
    await expect(send(post)).rejects.toThrow(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/)
    expect(sent).toHaveLength(1)
  })

  test.each([
    ['a page', new Response('<!doctype html>')],
    ['a page for nothing found', new Response('<h1>Not here</h1>', { status: 404 })],
  ])('asks whether the address is right when the answer is %s', async (_, answer) => {
    const { send } = transport([answer])
    await expect(send(post)).rejects.toThrow(
      /^POST \/flows\/ answered \d+: <.*Is http:\/\/server\.invalid\/api the API of a Reeve/,
    )
  })

  test('says what is wrong with a field, without all that was sent', async () => {
    const problem = {
      type: 'value_error',
      loc: ['body', 'parameters'],
      msg: 'Value error, Too large',
      input: 'x',
    }
    const refused = { exception_message: 'Invalid request received.', exception_detail: [problem] }
    const { send } = transport([Response.json(refused, { status: 422 })])
    await expect(send(post)).rejects.toThrow(/^POST \/flows\/ answered 422: parameters: Too large\.$/)
  })

  test('stops at once when the caller aborts', async () => {
    const controller = new AbortController()
    controller.abort(new Error('changed my mind'))
    const { send, sent } = transport([new Error('aborted')])
    await expect(send({ ...post, signal: controller.signal })).rejects.toThrow('changed my mind')
    expect(sent).toHaveLength(1)
  })

  test('says who it is: a key wins over an auth string', async () => {
    const basic = transport([Response.json(1)], { authString: 'admin:pässword' })
    await basic.send(post)
    expect(basic.sent[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('admin:pässword').toString('base64')}`,
    )
    const bearer = transport([Response.json(1)], { authString: 'a:b', apiKey: 'secret' })
    await bearer.send(post)
    expect(bearer.sent[0]!.headers.authorization).toBe('Bearer secret')
  })

  test('tells what is wrong when credentials are missing', async () => {
    const { send } = transport([Response.json({ exception_message: 'Unauthorized' }, { status: 401 })])
    const failure = await send(post).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiError)
    expect((failure as Error).message).toMatch(/POST \/flows\/ answered 401: Unauthorized.*REEVE_API_KEY/)
  })

  test('sends the CSRF token with changes, and gets a new one when it is refused', async () => {
    const refused = Response.json({ detail: 'Invalid CSRF token or client identifier.' }, { status: 403 })
    const { send, sent } = transport([Response.json(1), Response.json(2), refused, Response.json(3)], {
      csrf: true,
    })
    await send({ method: 'GET', path: '/flows/1' })
    await send(post)
    await send(post)
    expect(sent.map(({ headers }) => headers['prefect-csrf-token'])).toEqual([
      undefined,
      'token-1',
      'token-1',
      'token-3',
    ])
  })
})

describe('buildPath', () => {
  test('encodes parameters and repeats list values of the query', () => {
    const path = buildPath(
      '/flows/name/:name',
      { name: 'a b?' },
      { tag: ['x', 'y'], limit: 2, none: undefined },
    )
    expect(path).toBe('/flows/name/a%20b%3F?tag=x&tag=y&limit=2')
  })

  test('a missing parameter is an error', () => {
    expect(() => buildPath('/flow_runs/:id', {})).toThrow("needs the parameter 'id'")
  })
})
