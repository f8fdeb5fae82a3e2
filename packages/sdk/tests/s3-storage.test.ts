import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { S3Error, s3Storage, type S3StorageOptions } from '../src/results/s3-storage.ts'
import { FakeS3 } from './helpers/fake-s3.ts'

describe('s3Storage', () => {
  const store = new FakeS3('results', 'secret')
  let endpoint: string
  const open = (options: Partial<S3StorageOptions> = {}) =>
    s3Storage({ bucket: 'results', endpoint, accessKeyId: 'id', secretAccessKey: 'secret', ...options })
  beforeEach(async () => {
    endpoint = await store.start()
  })
  afterEach(() => store.stop())

  test('gives back the bytes that were put, until they are deleted', async () => {
    const storage = open()
    const bytes = new Uint8Array([0, 1, 2, 255])
    await storage.put('runs/a b/ü+&=?', bytes)
    expect(await storage.get('runs/a b/ü+&=?')).toEqual(bytes)
    await storage.put('runs/a b/ü+&=?', new Uint8Array())
    expect(await storage.get('runs/a b/ü+&=?')).toEqual(new Uint8Array())
    await storage.delete('runs/a b/ü+&=?')
    expect(await storage.get('runs/a b/ü+&=?')).toBeUndefined()
    await storage.delete('runs/a b/ü+&=?')
  })

  test('keeps to its prefix, whatever the key', async () => {
    await open({ prefix: 'team/one/' }).put('../x', new Uint8Array([1]))
    expect([...store.objects.keys()]).toEqual(['team/one/%2E%2E/x'])
    expect(store.requests.at(-1)).toMatch(/^PUT \/results\/team\/one\//)
  })

  test('tries again what may pass', async () => {
    store.failures.push(503, 500)
    const storage = open()
    await storage.put('again', new Uint8Array([7]))
    expect(await storage.get('again')).toEqual(new Uint8Array([7]))
  })

  test('tells of wrong secrets, missing buckets and missing credentials', async () => {
    await expect(open({ secretAccessKey: 'wrong' }).get('x')).rejects.toThrow(
      '403 to GET x: SignatureDoesNotMatch',
    )
    await expect(open({ bucket: 'none' }).get('x')).rejects.toThrow('NoSuchBucket')
    await expect(open({ bucket: 'none' }).put('x', new Uint8Array())).rejects.toBeInstanceOf(S3Error)
    await expect(open({ accessKeyId: '' }).get('x')).rejects.toThrow('AWS_ACCESS_KEY_ID')
  })
})
