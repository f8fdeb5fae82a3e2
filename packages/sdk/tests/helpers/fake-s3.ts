import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/**
 * An object store in memory with one bucket, that checks each request's signature by Amazon's published
 * algorithm (Signature Version 4) and the digest of its body.
 */
export class FakeS3 {
  readonly objects = new Map<string, Buffer>()
  /** Statuses of the next answers, before the store works again. */
  readonly failures: number[] = []
  readonly requests: string[] = []
  readonly #secret: string
  readonly #bucket: string
  #server: ReturnType<typeof createServer> | undefined

  constructor(bucket: string, secret: string) {
    this.#bucket = bucket
    this.#secret = secret
  }

  async start(): Promise<string> {
    this.#server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray())
      const { status, content = '' } = this.#answer(request, body)
      response.writeHead(status).end(content)
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }

  #answer(request: IncomingMessage, body: Buffer): { status: number; content?: string | Buffer } {
    const path = request.url ?? ''
    this.requests.push(`${request.method} ${path}`)
    const failure = this.failures.shift()
    if (failure) return { status: failure, content: '<Error><Code>SlowDown</Code></Error>' }
    if (!this.#isSigned(request, body))
      return { status: 403, content: '<Error><Code>SignatureDoesNotMatch</Code></Error>' }
    const [, bucket, ...rest] = path.split('/')
    if (bucket !== this.#bucket)
      return { status: 404, content: '<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>' }
    const key = rest.map(decodeURIComponent).join('/')
    if (request.method === 'PUT') this.objects.set(key, body)
    if (request.method === 'DELETE') this.objects.delete(key)
    if (request.method !== 'GET') return { status: request.method === 'PUT' ? 200 : 204 }
    const content = this.objects.get(key)
    return content
      ? { status: 200, content }
      : { status: 404, content: '<Error><Code>NoSuchKey</Code></Error>' }
  }

  #isSigned({ method, url = '', headers }: IncomingMessage, body: Buffer): boolean {
    const pattern =
      /^AWS4-HMAC-SHA256 Credential=[^/]+\/((\d{8})\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
    const found = pattern.exec(headers.authorization ?? '')
    if (!found) return false
    const [, scope, day, region, signed, signature] = found as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const claimed = String(headers['x-amz-content-sha256'])
    if (claimed !== 'UNSIGNED-PAYLOAD' && claimed !== sha256(body)) return false
    const names = signed.split(';')
    if (!names.includes('host') || !names.includes('x-amz-date')) return false
    const [path = '', query = ''] = url.split('?')
    const canonical = [
      method,
      path,
      query,
      ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
      '',
      signed,
      claimed,
    ].join('\n')
    const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
    const key = hmac(hmac(hmac(hmac(`AWS4${this.#secret}`, day), region), 's3'), 'aws4_request')
    const expected = createHmac('sha256', key).update(toSign).digest('hex')
    return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  }
}
