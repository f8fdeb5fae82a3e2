import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const filter = (value: unknown) => ({
  object: 'flow',
  property: 'name',
  type: 'string',
  operation: 'equals',
  value,
})

describe.each(DIALECTS)('kept searches on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  test('a search is kept under its name; keeping it again replaces its filters', async () => {
    const first = await server.call('PUT', '/saved_searches/', { name: 's', filters: [filter('a')] })
    const again = await server.call('PUT', '/saved_searches/', { name: 's', filters: [filter(null)] })
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toMatchObject({ id: first.body.id, filters: [filter(null)] })
    expect((await server.call('GET', `/saved_searches/${first.body.id}`)).body).toEqual(again.body)
  })

  test('searches are listed by name and deleted', async () => {
    for (const name of ['b', 'a']) await server.call('PUT', '/saved_searches/', { name })
    const listed = (await server.call('POST', '/saved_searches/filter', {})).body
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(['a', 'b'])
    const path = `/saved_searches/${listed[0].id}`
    expect((await server.call('DELETE', path)).status).toBe(204)
    expect(await server.call('DELETE', path)).toMatchObject({
      status: 404,
      body: { detail: 'Saved search not found' },
    })
  })
})
