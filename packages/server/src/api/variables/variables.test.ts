import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('variables on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const create = (name: string, value: unknown, tags: string[] = []) =>
    server.call('POST', '/variables/', { name, value, tags })
  const read = (name: string) => server.call('GET', `/variables/name/${name}`)
  const names = async (variables: object, more: object = {}) =>
    (await server.call('POST', '/variables/filter', { variables, ...more })).body.map(
      ({ name }: { name: string }) => name,
    )

  test.each([['text'], [7], [1.5], [true], [null], [{ a: [1, { b: null }] }], [[]]])(
    'keeps the value %j',
    async (value) => {
      const { status, body } = await create('v', value, ['b', 'a'])
      expect(status).toBe(201)
      expect(body).toMatchObject({ name: 'v', value, tags: ['b', 'a'] })
      expect((await read('v')).body).toEqual(body)
      expect((await server.call('GET', `/variables/${body.id}`)).body).toEqual(body)
    },
  )

  test('a name is taken once', async () => {
    await create('v', 1)
    const { status, body } = await create('v', 2)
    expect(status).toBe(409)
    expect(body.detail).toBe("A variable with the name 'v' already exists.")
    await create('w', 3)
    expect((await server.call('PATCH', '/variables/name/w', { name: 'v' })).status).toBe(409)
    expect((await read('w')).body.value).toBe(3)
  })

  test.each([['A'], ['a b'], ['ä'], ['x'.repeat(256)]])('the name %j is refused', async (name) => {
    expect((await create(name, 1)).status).toBe(422)
  })

  test('a change sets what it holds, null included, and leaves the rest', async () => {
    const { id } = (await create('v', 'x', ['t'])).body
    await server.call('PATCH', `/variables/${id}`, { value: null })
    expect((await read('v')).body).toMatchObject({ value: null, tags: ['t'] })
    await server.call('PATCH', '/variables/name/v', { tags: [] })
    expect((await read('v')).body).toMatchObject({ value: null, tags: [] })
  })

  test('what is deleted is gone', async () => {
    const { id } = (await create('v', 1)).body
    await create('w', 1)
    expect((await server.call('DELETE', `/variables/${id}`)).status).toBe(204)
    expect((await server.call('DELETE', '/variables/name/w')).status).toBe(204)
    expect(await names({})).toEqual([])
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown variable is 404', async (method) => {
    const answer = await server.call(method, '/variables/name/none', method === 'PATCH' ? {} : undefined)
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Variable not found.' } })
  })

  test('filters find by name, value and tags', async () => {
    await create('alpha', 'One', ['x', 'y'])
    await create('beta', { one: 1 }, ['x'])
    await create('gamma', 'two')
    expect(await names({ name: { like_: 'A' } })).toEqual(['alpha', 'beta', 'gamma'])
    expect(await names({ name: { any_: ['beta', 'none'] } })).toEqual(['beta'])
    expect(await names({ value: { any_: ['One'] } })).toEqual(['alpha'])
    expect(await names({ value: { like_: 'o' } })).toEqual(['alpha', 'beta', 'gamma'])
    expect(await names({ tags: { all_: ['x', 'y'] } })).toEqual(['alpha'])
    expect(await names({ tags: { is_null_: true } })).toEqual(['gamma'])
    const either = { operator: 'or_', name: { any_: ['gamma'] }, tags: { all_: ['y'] } }
    expect(await names(either)).toEqual(['alpha', 'gamma'])
    expect((await server.call('POST', '/variables/count', { variables: either })).body).toBe(2)
  })

  test('lists come in the order that was asked for, page by page', async () => {
    for (const name of ['b', 'c', 'a']) await create(name, 1)
    expect(await names({})).toEqual(['a', 'b', 'c'])
    expect(await names({}, { sort: 'NAME_DESC' })).toEqual(['c', 'b', 'a'])
    expect(await names({}, { sort: 'CREATED_DESC' })).toEqual(['a', 'c', 'b'])
    expect(await names({}, { limit: 1, offset: 1 })).toEqual(['b'])
    expect((await server.call('POST', '/variables/filter', { limit: 201 })).status).toBe(422)
  })

  test('birth, changes and end of a variable are told', async () => {
    const { id } = (await create('v', 1, ['t'])).body
    await server.call('PATCH', '/variables/name/v', { value: 2 })
    await server.call('DELETE', '/variables/name/v')
    const events = await server.context.database.read((session) =>
      session.all(
        session.build.selectFrom('event').select(['event', 'resource', 'payload']).orderBy('occurred'),
      ),
    )
    const resource = { 'prefect.resource.id': `prefect.variable.${id}`, 'prefect.resource.name': 'v' }
    const payload = (value: number) => ({ name: 'v', value, tags: ['t'] })
    expect(events).toEqual([
      { event: 'prefect.variable.created', resource, payload: payload(1) },
      { event: 'prefect.variable.updated', resource, payload: payload(2) },
      { event: 'prefect.variable.deleted', resource, payload: payload(2) },
    ])
  })
})
