import type { AwsClient } from 'aws4fetch'
import type { ResultStorage } from './storage.ts'

/** Where the bucket is and who may use it. */
export interface S3StorageOptions {
  bucket: string
  /** Put before each key, with a slash between. */
  prefix?: string | undefined
  /** Of the store, such as `https://minio.example:9000`; that of Amazon in `region` when left out. */
  endpoint?: string | undefined
  /** AWS_REGION or `us-east-1` when left out. */
  region?: string | undefined
  /** AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN when left out. */
  accessKeyId?: string | undefined
  secretAccessKey?: string | undefined
  sessionToken?: string | undefined
  /** Tries after the first one, for what may pass; 5 when left out. */
  retries?: number | undefined
}

/** The object store refused a request, or does not work. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  readonly status: number

  constructor(action: string, status: number, detail: string) {
    super(`The object store answered ${status} to ${action}${detail && `: ${detail}`}`)
    this.status = status
  }
}

/**
 * Keeps results as objects of a bucket in Amazon S3, or in any store that speaks its protocol (MinIO, R2, Ceph
 * …), so that processes on different machines share them. Buckets are addressed in the path.
 * @example task(fn, { resultStorage: s3Storage({ bucket: 'results', endpoint: 'https://minio.example:9000' }) })
 */
export function s3Storage(options: S3StorageOptions): ResultStorage {
  const { bucket, prefix = '', region = process.env.AWS_REGION || 'us-east-1' } = options
  const endpoint = (options.endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '')
  const base = `${endpoint}/${encodeURIComponent(bucket)}`
  const urlOf = (key: string) =>
    `${base}/${[...prefix.split('/'), ...key.split('/')].filter(Boolean).map(encodePart).join('/')}`
  let client: Promise<AwsClient> | undefined
  const send = async (method: string, key: string, body?: Uint8Array) => {
    client ??= makeClient(options, region)
    return (await client).fetch(urlOf(key), {
      method,
      ...(body && { body: body as Uint8Array<ArrayBuffer> }),
    })
  }
  return {
    type: 's3',
    async get(key) {
      const answer = await send('GET', key)
      if (answer.status === 404 && (await isAbsent(answer))) return undefined
      await expectSuccess(answer, `GET ${key}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
    async put(key, bytes) {
      await expectSuccess(await send('PUT', key, bytes), `PUT ${key}`)
    },
    async delete(key) {
      const answer = await send('DELETE', key)
      if (answer.status !== 404) await expectSuccess(answer, `DELETE ${key}`)
    },
  }
}

async function makeClient(options: S3StorageOptions, region: string): Promise<AwsClient> {
  const { env } = process
  const accessKeyId = options.accessKeyId ?? env.AWS_ACCESS_KEY_ID
  const secretAccessKey = options.secretAccessKey ?? env.AWS_SECRET_ACCESS_KEY
  const sessionToken = options.sessionToken ?? env.AWS_SESSION_TOKEN
  if (!accessKeyId || !secretAccessKey)
    throw new TypeError(
      's3Storage needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass accessKeyId and secretAccessKey',
    )
  const { AwsClient } = await import('aws4fetch')
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  return new AwsClient({ ...credentials, region, service: 's3', retries: options.retries ?? 5 })
}

/** Dots would climb in the path, even when they are encoded once. */
function encodePart(part: string): string {
  return encodeURIComponent(/^\.+$/.test(part) ? part.replaceAll('.', '%2E') : part)
}

/** A bucket that does not exist is a mistake, not a result that is gone. */
async function isAbsent(answer: Response): Promise<boolean> {
  return !(await answer.clone().text()).includes('NoSuchBucket')
}

async function expectSuccess(answer: Response, action: string): Promise<void> {
  if (answer.ok) return
  const text = await answer.text()
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]
  const message = /<Message>([^<]*)<\/Message>/.exec(text)?.[1]
  throw new S3Error(action, answer.status, [code, message].filter(Boolean).join(', '))
}
