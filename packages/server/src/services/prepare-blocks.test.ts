import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { openSqlite } from '../database/sqlite.ts'
import { createBlockDocument } from '../models/block-document-writing.ts'
import { readBlockDocument } from '../models/block-documents.ts'
import { readBlockSchemas } from '../models/block-schemas.ts'
import { createSealer, generateKey, keyIdOf } from '../models/sealing.ts'
import { openSealer } from '../sealing-key.ts'
import { prepareBlocks, resealAll } from './prepare-blocks.ts'

describe.each(DIALECTS)('the keys of blocks on %s', (dialect) => {
  let created: TestContext
  beforeEach(async () => {
    created = await createTestContext(dialect)
  })
  afterEach(() => created.close())

  const sealedWith = (keys: string): Context => ({ ...created.context, sealer: createSealer(keys) })

  async function storeSecrets(context: Context, count: number): Promise<string[]> {
    await prepareBlocks(context)
    return context.database.write(async (session) => {
      const schemas = await readBlockSchemas(session, { limit: 200, offset: 0 })
      const schema = schemas.find(({ block_type }) => block_type.slug === 'secret')
      const ids: string[] = []
      for (let index = 0; index < count; index++) {
        const block = {
          name: `s-${index}`,
          data: { value: `secret ${index}` },
          block_schema_id: schema?.id ?? '',
          block_type_id: schema?.block_type_id ?? '',
          is_anonymous: false,
        }
        const result = await createBlockDocument(session, block, context)
        if (result.outcome === 'created') ids.push(result.record.id)
      }
      return ids
    })
  }

  const secretOf = async (context: Context, id: string) =>
    (
      await context.database.read((session) =>
        readBlockDocument(session, { id }, { includeSecrets: true }, context),
      )
    )?.data['value']

  test('a new key in front of the old one replaces it', async () => {
    const [older, newer] = [generateKey(), generateKey()]
    const ids = await storeSecrets(sealedWith(older), 120)
    expect(ids).toHaveLength(120)
    await prepareBlocks(sealedWith(`${newer},${older}`))
    expect(await resealAll(sealedWith(`${newer},${older}`))).toBe(0)
    expect(await secretOf(sealedWith(newer), ids[7] as string)).toBe('secret 7')
    const rows = await created.context.database.read((session) =>
      session.all(session.build.selectFrom('block_document').select('sealed')),
    )
    const keyIds = new Set(rows.map(({ sealed }) => keyIdOf(sealed)))
    expect([...keyIds]).toEqual([createSealer(newer).currentKeyId])
  })

  test('a server without the key of its blocks does not start, and says which it lacks', async () => {
    const key = generateKey()
    await storeSecrets(sealedWith(key), 1)
    await expect(prepareBlocks(sealedWith(generateKey()))).rejects.toThrow(createSealer(key).currentKeyId)
  })

  test('servers which start together on one database find the same key', async () => {
    const { context } = created
    const settings = { ...context.settings, encryption_key: undefined, database: ':memory:' }
    const sealers = await Promise.all([1, 2, 3].map(() => openSealer(settings, context.database, context)))
    expect(new Set(sealers.map(({ currentKeyId }) => currentKeyId)).size).toBe(1)
  })

  test('servers which start together register their block types once', async () => {
    await Promise.all([1, 2, 3].map(() => prepareBlocks(created.context)))
    const types = await created.context.database.read((session) =>
      session.all(session.build.selectFrom('block_type').select('slug')),
    )
    expect(new Set(types.map(({ slug }) => slug)).size).toBe(types.length)
    const schemas = await created.context.database.read((session) =>
      readBlockSchemas(session, { limit: 200, offset: 0 }),
    )
    expect(schemas).toHaveLength(types.length)
  })
})

describe('the key file of a SQLite database', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reeve-key-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('is made once, readable by its owner only', async () => {
    const { context, close } = await createTestContext('sqlite')
    const path = join(folder, 'reeve.db')
    const settings = { ...context.settings, encryption_key: undefined, database: path }
    const database = await openSqlite(path)
    const first = await openSealer(settings, database, context)
    const again = await openSealer(settings, database, context)
    await database.close()
    expect(again.currentKeyId).toBe(first.currentKeyId)
    expect((await stat(`${path}.key`)).mode & 0o777).toBe(0o600)
    expect(createSealer((await readFile(`${path}.key`, 'utf8')).trim()).currentKeyId).toBe(first.currentKeyId)
    await close()
  })
})
