import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const UNKNOWN = '99999999-9999-4999-8999-999999999999'

const CHILD_FIELDS = {
  title: 'Child',
  type: 'object',
  properties: { user: { type: 'string' }, password: { type: 'string' } },
  secret_fields: ['password'],
  block_type_slug: 'child',
  block_schema_references: {},
}

describe.each(DIALECTS)('blocks on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const call = (method: string, path: string, body?: unknown) => server.call(method, path, body)
  const type = async (slug: string) =>
    (await call('POST', '/block_types/', { name: `Type ${slug}`, slug })).body
  const schema = async (block_type_id: string, fields: object, more: object = {}) =>
    (await call('POST', '/block_schemas/', { fields, block_type_id, ...more })).body

  async function child() {
    const { id: block_type_id } = await type('child')
    const { id: block_schema_id, checksum } = await schema(block_type_id, CHILD_FIELDS)
    return { block_type_id, block_schema_id, checksum }
  }

  /** A type with a schema whose property `child` is a block of the type `child`. */
  async function parentOf(checksum: string, definition: object = CHILD_FIELDS) {
    const { id: block_type_id } = await type('parent')
    const fields = {
      title: 'Parent',
      type: 'object',
      properties: { child: { allOf: [{ $ref: '#/definitions/Child' }] }, note: { type: 'string' } },
      secret_fields: ['child.password'],
      block_type_slug: 'parent',
      block_schema_references: { child: { block_type_slug: 'child', block_schema_checksum: checksum } },
      definitions: { Child: definition },
    }
    const { status, body } = await call('POST', '/block_schemas/', { fields, block_type_id, version: '2' })
    return { status, body, fields, block_type_id, block_schema_id: body.id as string }
  }

  async function store(ids: object, name: string | null, data: object, more: object = {}) {
    const { block_type_id, block_schema_id } = ids as { [key: string]: string }
    return call('POST', '/block_documents/', { name, data, block_type_id, block_schema_id, ...more })
  }
  const readData = async (id: string, secrets = true) =>
    (await call('GET', `/block_documents/${id}?include_secrets=${secrets}`)).body.data

  test('a block type is registered once for its slug', async () => {
    const { status, body } = await call('POST', '/block_types/', {
      name: 'Mine',
      slug: 'mine',
      description: 'a < b',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ slug: 'mine', description: 'a &lt; b', is_protected: false, logo_url: null })
    expect((await call('POST', '/block_types/', { name: 'Mine', slug: 'mine' })).status).toBe(409)
    expect((await call('GET', '/block_types/slug/mine')).body).toEqual(body)
    expect((await call('GET', `/block_types/${body.id}`)).body).toEqual(body)
  })

  test('a block type is updated with texts as they are, unless they read the same', async () => {
    const { id } = (await call('POST', '/block_types/', { name: 'M', slug: 'm', description: 'a < b' })).body
    const described = async (description: string) => {
      await call('PATCH', `/block_types/${id}`, { description })
      return (await call('GET', `/block_types/${id}`)).body.description
    }
    expect(await described('a < b')).toBe('a &lt; b')
    expect(await described('c < d')).toBe('c < d')
    expect(await described('e &lt; f')).toBe('e &lt; f')
  })

  test('names of block types that begin with Prefect are reserved', async () => {
    expect((await call('POST', '/block_types/', { name: 'prefect x', slug: 'x' })).status).toBe(403)
  })

  test('the block types of the server are there after any number of installations, and stay', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await call('POST', '/block_types/install_system_block_types')).toMatchObject({
        status: 200,
        body: null,
      })
    }
    const types = (await call('POST', '/block_types/filter', {})).body as {
      slug: string
      is_protected: boolean
    }[]
    expect(new Set(types.map(({ slug }) => slug)).size).toBe(types.length)
    const protectedSlugs = types.filter(({ is_protected }) => is_protected).map(({ slug }) => slug)
    expect(protectedSlugs.toSorted()).toEqual(['local-file-system', 'secret', 'webhook'])
    const secret = (await call('GET', '/block_types/slug/secret')).body
    expect((await call('DELETE', `/block_types/${secret.id}`)).status).toBe(403)
    const schemas = await call('POST', '/block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [secret.id] } },
    })
    expect(schemas.body).toHaveLength(1)
    expect((await call('DELETE', `/block_schemas/${schemas.body[0].id}`)).status).toBe(403)
  })

  test('a schema is known by its checksum and version', async () => {
    const { id } = await type('mine')
    const first = await call('POST', '/block_schemas/', {
      fields: { title: 'M' },
      block_type_id: id,
      version: '1',
    })
    expect(first.status).toBe(201)
    const again = await call('POST', '/block_schemas/', {
      fields: { title: 'M' },
      block_type_id: id,
      version: '1',
    })
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id } })
    const other = await call('POST', '/block_schemas/', {
      fields: { title: 'M' },
      block_type_id: id,
      version: '2',
    })
    expect(other.status).toBe(201)
    const path = `/block_schemas/checksum/${first.body.checksum}`
    expect((await call('GET', `${path}?version=1`)).body).toEqual(first.body)
    expect((await call('GET', path)).body.id).toBe(other.body.id)
    expect((await call('GET', `${path}?version=3`)).status).toBe(404)
  })

  test('the checksum is taken over numbers as they were sent', async () => {
    const { id } = await type('mine')
    const send = (number: string) =>
      call('POST', '/block_schemas/', `{"fields":{"default":${number}},"block_type_id":"${id}"}`)
    const [whole, real] = [await send('1'), await send('1.0')]
    expect(real.body.checksum).not.toBe(whole.body.checksum)
    expect(real.body.fields.default).toBe(1)
  })

  test('a schema of an unknown type is refused', async () => {
    expect((await call('POST', '/block_schemas/', { block_type_id: UNKNOWN })).status).toBe(404)
  })

  test('a schema which refers to an unregistered type is refused, and nothing of it is kept', async () => {
    const { status, body } = await parentOf('sha256:00')
    expect(status).toBe(409)
    expect(body.detail).toContain("block type 'child' was not found.Did you forget")
    expect((await call('POST', '/block_schemas/filter', {})).body).toEqual([])
  })

  test('nested schemas come back as they were sent', async () => {
    const { checksum } = await child()
    const { status, body, fields } = await parentOf(checksum)
    expect(status).toBe(201)
    expect(body.fields).toEqual(fields)
    expect((await call('GET', `/block_schemas/${body.id}`)).body).toEqual(body)
  })

  test('a nested schema that is not stored is made from its definition', async () => {
    await type('child')
    const { status, body } = await parentOf('sha256:unknown')
    expect(status).toBe(201)
    expect(body.fields.block_schema_references.child.block_schema_checksum).toBe('sha256:unknown')
    const { fields } = (await call('GET', `/block_schemas/${body.id}`)).body
    expect(fields.definitions.Child).toEqual(CHILD_FIELDS)
    const { block_schema_checksum } = fields.block_schema_references.child
    const nested = await call('GET', `/block_schemas/checksum/${block_schema_checksum}`)
    expect(nested.body).toMatchObject({ fields: CHILD_FIELDS, block_type: { slug: 'child' } })
  })

  test('definitions that contain themselves are refused', async () => {
    await type('child')
    const reference = { child: { block_type_slug: 'child', block_schema_checksum: 'sha256:none' } }
    const endless = {
      ...CHILD_FIELDS,
      properties: { child: { $ref: '#/definitions/Child' } },
      block_schema_references: reference,
    }
    expect((await parentOf('sha256:unknown', endless)).status).toBe(409)
  })

  test('capabilities are listed once and found in filters', async () => {
    const { id } = await type('mine')
    await schema(id, { title: 'A' }, { capabilities: ['read', 'write'] })
    await schema(id, { title: 'B' }, { capabilities: ['read'] })
    expect((await call('GET', '/block_capabilities/')).body).toEqual(['read', 'write'])
    const filter = { block_schemas: { block_capabilities: { all_: ['read', 'write'] } } }
    const found = (await call('POST', '/block_schemas/filter', filter)).body
    expect(found.map((each: { fields: { title: string } }) => each.fields.title)).toEqual(['A'])
    expect((await call('POST', '/block_types/filter', filter)).body).toHaveLength(1)
  })

  test('secrets are hidden unless they are asked for', async () => {
    const ids = await child()
    const { status, body } = await store(ids, 'mine', { user: 'u', password: 'p' })
    expect(status).toBe(201)
    expect(body.data).toEqual({ user: 'u', password: '********' })
    expect(await readData(body.id, false)).toEqual(body.data)
    expect(await readData(body.id)).toEqual({ user: 'u', password: 'p' })
    const byName = await call('GET', '/block_types/slug/child/block_documents/name/mine?include_secrets=true')
    expect(byName.body).toEqual({ ...body, data: { user: 'u', password: 'p' } })
    const filtered = await call('POST', '/block_documents/filter', { include_secrets: false })
    expect(filtered.body).toEqual([body])
  })

  test('what is stored shows neither secrets nor anything else of the data', async () => {
    await store(await child(), 'mine', { user: 'visible-user', password: 'hidden-password' })
    const rows = await server.context.database.read((session) =>
      session.all(session.build.selectFrom('block_document').selectAll()),
    )
    const events = await server.context.database.read((session) =>
      session.all(session.build.selectFrom('event').selectAll()),
    )
    expect(JSON.stringify(rows)).not.toContain('visible-user')
    expect(JSON.stringify(events)).toContain('visible-user')
    expect(JSON.stringify([rows, events])).not.toContain('hidden-password')
  })

  test('a name is taken once in a type', async () => {
    const ids = await child()
    await store(ids, 'mine', {})
    expect(await store(ids, 'mine', {})).toMatchObject({
      status: 409,
      body: { detail: 'Block already exists' },
    })
  })

  test('only anonymous blocks go without a name, and they do not show unless asked for', async () => {
    const ids = await child()
    expect((await store(ids, null, {})).status).toBe(422)
    const { body } = await store(ids, null, {}, { is_anonymous: true })
    expect(body.name).toMatch(/^anonymous-[0-9a-f-]{36}$/)
    const count = async (block_documents?: object) =>
      (await call('POST', '/block_documents/count', { block_documents })).body
    expect(await count()).toBe(0)
    expect(await count({ name: { like_: '' } })).toBe(0)
    expect(await count({ is_anonymous: { eq_: true } })).toBe(1)
    expect(await count({ is_anonymous: null })).toBe(1)
  })

  test('a block stands for a value of another', async () => {
    const ids = await child()
    const inner = (await store(ids, 'inner', { user: 'u', password: 'p' })).body
    const parent = await parentOf(ids.checksum)
    const data = { child: { $ref: { block_document_id: inner.id } }, note: 'n' }
    const { body } = await store(parent, 'outer', data)
    expect(body.data).toEqual({ note: 'n', child: { user: 'u', password: '********' } })
    expect(await readData(body.id)).toEqual({ note: 'n', child: { user: 'u', password: 'p' } })
    expect(body.block_document_references).toEqual({
      child: {
        block_document: {
          id: inner.id,
          name: 'inner',
          block_type: inner.block_type,
          is_anonymous: false,
          block_document_references: {},
        },
      },
    })
    await call('DELETE', `/block_documents/${inner.id}`)
    expect(await readData(body.id)).toEqual({ note: 'n' })
  })

  test('a reference must say which block, and the block must be there', async () => {
    const ids = await child()
    expect((await store(ids, 'a', { user: { $ref: {} } })).status).toBe(400)
    expect((await store(ids, 'b', { user: { $ref: { block_document_id: UNKNOWN } } })).status).toBe(409)
  })

  test('a block cannot refer to itself, not even through others', async () => {
    const ids = await child()
    const a = (await store(ids, 'a', {})).body
    const b = (await store(ids, 'b', { user: { $ref: { block_document_id: a.id } } })).body
    const refer = (from: string, to: string) =>
      call('PATCH', `/block_documents/${from}`, { data: { user: { $ref: { block_document_id: to } } } })
    expect((await refer(a.id, a.id)).status).toBe(400)
    expect((await refer(a.id, b.id)).status).toBe(400)
    expect((await refer(b.id, a.id)).status).toBe(204)
  })

  test('a change is merged key by key, or replaces everything', async () => {
    const { id } = (await store(await child(), 'mine', { user: 'u', password: 'p' })).body
    await call('PATCH', `/block_documents/${id}`, { data: { user: 'v' } })
    expect(await readData(id)).toEqual({ user: 'v', password: 'p' })
    await call('PATCH', `/block_documents/${id}`, { data: { user: 'w' }, merge_existing_data: false })
    expect(await readData(id)).toEqual({ user: 'w' })
  })

  test('a secret that comes back hidden is kept', async () => {
    const { id } = (await store(await child(), 'mine', { user: 'u', password: 'p' })).body
    await call('PATCH', `/block_documents/${id}`, {
      data: { user: 'v', password: '********' },
      merge_existing_data: false,
    })
    expect(await readData(id)).toEqual({ user: 'v', password: 'p' })
  })

  test('references that are not in a change end', async () => {
    const ids = await child()
    const inner = (await store(ids, 'inner', { user: 'u' })).body
    const reference = { $ref: { block_document_id: inner.id } }
    const { id } = (await store(ids, 'outer', { user: reference, password: 'p' })).body
    await call('PATCH', `/block_documents/${id}`, { data: { password: 'q' } })
    expect(await readData(id)).toEqual({ password: 'q' })
    await call('PATCH', `/block_documents/${id}`, { data: { password: reference } })
    expect(await readData(id)).toEqual({ password: { user: 'u' } })
  })

  test('a block moves to another schema of its type only', async () => {
    const ids = await child()
    const { id } = (await store(ids, 'mine', { user: 'u' })).body
    const newer = await schema(ids.block_type_id, { ...CHILD_FIELDS, title: 'Newer' })
    const foreign = await schema((await type('foreign')).id, { title: 'Foreign' })
    const move = (block_schema_id: string) =>
      call('PATCH', `/block_documents/${id}`, { block_schema_id, data: {} })
    expect((await move(foreign.id)).status).toBe(400)
    expect((await move(newer.id)).status).toBe(204)
    expect((await call('GET', `/block_documents/${id}`)).body.block_schema_id).toBe(newer.id)
  })

  test('a block whose schema does not exist is a conflict', async () => {
    const { block_type_id } = await child()
    expect((await store({ block_type_id, block_schema_id: UNKNOWN }, 'a', {})).status).toBe(409)
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown block is 404', async (method) => {
    const answer = await call(method, `/block_documents/${UNKNOWN}`, method === 'PATCH' ? {} : undefined)
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Block document not found' } })
  })

  test('blocks of a type are listed by name', async () => {
    const ids = await child()
    await store(ids, 'b', {})
    await store(ids, 'a', {})
    const names = async (path: string) =>
      (await call('GET', path)).body.map(({ name }: { name: string }) => name)
    expect(await names('/block_types/slug/child/block_documents')).toEqual(['a', 'b'])
    expect((await call('GET', '/block_types/slug/none/block_documents')).status).toBe(404)
  })

  test('a type goes with its schemas and blocks', async () => {
    const ids = await child()
    const { id } = (await store(ids, 'a', {})).body
    expect((await call('DELETE', `/block_types/${ids.block_type_id}`)).status).toBe(204)
    expect((await call('GET', `/block_documents/${id}`)).status).toBe(404)
    expect((await call('GET', `/block_schemas/${ids.block_schema_id}`)).status).toBe(404)
  })

  test('results go to a block that can be written to, until the block is no more', async () => {
    const { block_type_id, block_schema_id } = await child()
    const plain = (await store({ block_type_id, block_schema_id }, 'plain', {})).body
    const storage = await schema(block_type_id, { title: 'Storage' }, { capabilities: ['write-path'] })
    const disk = (await store({ block_type_id, block_schema_id: storage.id }, 'disk', {})).body
    const choose = (id: string) => call('PUT', '/admin/storage', { default_result_storage_block_id: id })
    const chosen = async () => (await call('GET', '/admin/storage')).body.default_result_storage_block_id
    expect(await chosen()).toBeNull()
    expect((await choose(UNKNOWN)).status).toBe(404)
    expect((await choose(plain.id)).status).toBe(422)
    expect((await choose(disk.id)).status).toBe(200)
    expect(await chosen()).toBe(disk.id)
    await call('DELETE', `/block_documents/${disk.id}`)
    expect(await chosen()).toBeNull()
  })
})
