import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const UNKNOWN = '99999999-9999-4999-8999-999999999999'

describe.each(DIALECTS)('artifacts on %s', (dialect) => {
  let server: TestServer
  beforeEach(async () => {
    server = await createTestServer(dialect)
  })
  afterEach(() => server.close())

  const call = (method: string, path: string, body?: unknown) => server.call(method, path, body)
  const create = async (fields: object) => (await call('POST', '/artifacts/', fields)).body
  const latest = async (key: string) => (await call('GET', `/artifacts/${key}/latest`)).body
  const keys = async (path: string, body: object) =>
    (await call('POST', `/artifacts/${path}`, body)).body.map(({ key }: { key: string }) => key)

  test('an artifact comes back as it was sent', async () => {
    const { status, body } = await call('POST', '/artifacts/', {
      key: 'report',
      type: 'table',
      description: 'd',
      data: [{ a: 1.5 }, null],
      metadata_: { m: 'v' },
      flow_run_id: UNKNOWN,
    })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(String),
      created: body.updated,
      updated: body.created,
      key: 'report',
      type: 'table',
      description: 'd',
      data: [{ a: 1.5 }, null],
      metadata_: { m: 'v' },
      flow_run_id: UNKNOWN,
      task_run_id: null,
    })
    expect((await call('GET', `/artifacts/${body.id}`)).body).toEqual(body)
  })

  test('the newest of a key is the latest, under the id of the collection', async () => {
    await create({ key: 'k', data: 1 })
    const { id: collection } = await latest('k')
    const second = await create({ key: 'k', data: 2, type: 'markdown' })
    expect(await latest('k')).toMatchObject({ id: collection, data: 2, type: 'markdown' })
    const [row] = (await call('POST', '/artifacts/latest/filter', {})).body
    expect(row).toMatchObject({ id: collection, latest_id: second.id, data: 2 })
    expect((await call('POST', '/artifacts/latest/count', {})).body).toBe(1)
    expect((await call('POST', '/artifacts/count', {})).body).toBe(2)
  })

  test('keys that are written at once have one collection', async () => {
    await Promise.all([1, 2, 3, 4].map((data) => create({ key: 'k', data })))
    expect((await call('POST', '/artifacts/latest/count', {})).body).toBe(1)
  })

  test('an artifact without a key is in no collection', async () => {
    await create({ data: 1 })
    expect((await call('POST', '/artifacts/latest/filter', {})).body).toEqual([])
  })

  test('long metadata are shortened', async () => {
    const { metadata_ } = await create({ metadata_: { a: 'x'.repeat(501), b: 'x'.repeat(500) } })
    expect(metadata_).toEqual({ a: `${'x'.repeat(500)}...`, b: 'x'.repeat(500) })
  })

  test('a change shows in the collection only when it is the latest that changed', async () => {
    const first = await create({ key: 'k', data: 1, description: 'd' })
    const second = await create({ key: 'k', data: 2, description: 'e' })
    await call('PATCH', `/artifacts/${first.id}`, { data: 10 })
    expect(await latest('k')).toMatchObject({ data: 2 })
    expect((await call('PATCH', `/artifacts/${second.id}`, { data: null })).status).toBe(204)
    expect(await latest('k')).toMatchObject({ data: null, description: 'e' })
  })

  test('when the latest is deleted, the newest that is left takes its place', async () => {
    const ids = []
    for (const data of [1, 2, 3, 4]) ids.push((await create({ key: 'k', data })).id)
    await call('DELETE', `/artifacts/${ids[1]}`)
    expect(await latest('k')).toMatchObject({ data: 4 })
    await call('DELETE', `/artifacts/${ids[3]}`)
    expect(await latest('k')).toMatchObject({ data: 3 })
    await call('DELETE', `/artifacts/${ids[2]}`)
    expect(await latest('k')).toMatchObject({ data: 1 })
    await call('DELETE', `/artifacts/${ids[0]}`)
    expect(await latest('k')).toEqual({ detail: 'Artifact not found.' })
  })

  test.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown artifact is 404', async (method) => {
    const answer = await call(method, `/artifacts/${UNKNOWN}`, method === 'PATCH' ? {} : undefined)
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Artifact not found.' } })
  })

  test('a key with other characters is refused', async () => {
    expect((await call('POST', '/artifacts/', { key: 'A_b' })).status).toBe(422)
  })

  test('filters find by key and type', async () => {
    await create({ key: 'a', type: 'table' })
    await create({ key: 'b', type: 'markdown' })
    await create({ type: 'result' })
    const sort = 'KEY_ASC'
    const found = (artifacts: object) => keys('filter', { artifacts, sort })
    expect(await found({ key: { exists_: true } })).toEqual(['a', 'b'])
    expect(await found({ key: { exists_: false } })).toEqual([null])
    expect(await found({ key: { like_: 'A' } })).toEqual(['a'])
    expect(await found({ type: { any_: ['markdown'] } })).toEqual(['b'])
    expect(await found({ type: { not_any_: ['table', 'result'] } })).toEqual(['b'])
    const [{ latest_id }] = (await call('POST', '/artifacts/latest/filter', { sort })).body
    const only = { artifacts: { latest_id: { any_: [latest_id] } } }
    expect(await keys('latest/filter', only)).toEqual(['a'])
  })

  test('filters find by the runs that made them', async () => {
    const flow = (await call('POST', '/flows/', { name: 'maker' })).body
    const run = (await call('POST', '/flow_runs/', { flow_id: flow.id, name: 'made-it' })).body
    await create({ key: 'made', flow_run_id: run.id })
    await create({ key: 'other', flow_run_id: UNKNOWN })
    const filters = [
      { flow_runs: { name: { any_: ['made-it'] } } },
      { flows: { name: { any_: ['maker'] } } },
      { artifacts: { flow_run_id: { any_: [run.id] } } },
    ]
    for (const filter of filters) {
      expect(await keys('filter', filter)).toEqual(['made'])
      expect(await keys('latest/filter', filter)).toEqual(['made'])
      expect((await call('POST', '/artifacts/count', filter)).body).toBe(1)
    }
    expect(await keys('filter', { flows: { name: { any_: ['none'] } } })).toEqual([])
  })

  test('collections tell of their changes', async () => {
    const first = await create({ key: 'k', data: 'one', type: 'markdown' })
    const second = await create({ key: 'k', data: 'two' })
    await call('DELETE', `/artifacts/${second.id}`)
    await call('DELETE', `/artifacts/${first.id}`)
    const events = await server.context.database.read((session) =>
      session.all(
        session.build.selectFrom('event').select(['event', 'payload', 'related']).orderBy('occurred'),
      ),
    )
    const told = events.map(({ event, payload, related }) => [
      event.split('.').at(-1),
      payload['data'],
      (related as { [label: string]: string }[])[0]?.['prefect.resource.id'],
    ])
    expect(told).toEqual([
      ['created', 'one', `prefect.artifact.${first.id}`],
      ['updated', 'two', `prefect.artifact.${second.id}`],
      ['updated', 'one', `prefect.artifact.${first.id}`],
      ['deleted', 'one', `prefect.artifact.${first.id}`],
    ])
  })
})
