import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { block, loadBlock, MissingBlockError, secret } from '../src/blocks.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const unique = (name: string) => `${name}-${crypto.randomUUID()}`

describe('secret', () => {
  test('is set, read, replaced and deleted, and shown to nobody who does not ask for it', () =>
    withServer(async ({ client }) => {
      const name = unique('token')
      await secret.set(name, 's3cret')
      expect(await secret.get(name)).toBe('s3cret')
      await expect(secret.set(name, 'again')).rejects.toThrow()
      await secret.set(name, { user: 'ada', keys: [1, 2] }, { overwrite: true })
      expect(await secret.get(name)).toEqual({ user: 'ada', keys: [1, 2] })
      const shown = await client.readBlockDocumentByName({
        params: { slug: 'secret', block_document_name: name },
      })
      expect(JSON.stringify(shown.data)).not.toContain('ada')
      expect([await secret.delete(name), await secret.delete(name)]).toEqual([true, false])
      await expect(secret.get(name)).rejects.toThrow(MissingBlockError)
    }))
})

describe('block', () => {
  test('of an own type keeps typed values, the secret ones sealed', () =>
    withServer(async ({ client }) => {
      const type = unique('Data Warehouse')
      const schema = z.object({ url: z.string(), port: z.number().default(5432), password: z.string() })
      const Warehouse = block({ type, schema, secrets: ['password'] })
      await Warehouse.save('main', { url: 'db.example', password: 'hush' })
      const { url, port, password } = await Warehouse.load('main')
      expect({ url, port, password }).toEqual({ url: 'db.example', port: 5432, password: 'hush' })
      const slug = type.toLowerCase().replace(' ', '-')
      const shown = await client.readBlockDocumentByName({ params: { slug, block_document_name: 'main' } })
      expect(shown.data).toEqual({ url: 'db.example', password: '********' })
      await Warehouse.save('main', { url: 'other', port: 1, password: 'x' }, { overwrite: true })
      expect(await loadBlock(slug, 'main')).toEqual({ url: 'other', port: 1, password: 'x' })
      await expect(Warehouse.save('bad', { url: 4 } as never)).rejects.toThrow('does not fit its schema: url')
      await expect(Warehouse.load('bad')).rejects.toThrow(MissingBlockError)
      const Narrow = block({ type, schema: z.object({ url: z.url() }) })
      await expect(Narrow.load('main')).rejects.toThrow('does not fit its schema: url')
    }))
})
