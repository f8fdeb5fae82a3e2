import { PIPELINE_VERSION } from '@reeve/schemas/pipeline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

describe.each(DIALECTS)('what a server on %s says of itself', (dialect) => {
  let server: TestServer
  beforeAll(async () => {
    server = await createTestServer(dialect, { api_key: 'the-key', database: 'postgres://me:pass@host/db' })
  })
  afterAll(() => server.close())

  const get = (path: string, headers: { [name: string]: string } = {}) =>
    server.call('GET', path, undefined, { authorization: 'Bearer the-key', ...headers })

  test.each([
    ['/health', true],
    ['/ready', { message: 'OK' }],
    ['/hello', '👋'],
    ['/version', '0.8.4'],
  ])('%s', async (path, body) => {
    expect(await get(path)).toMatchObject({ status: 200, body })
  })

  test('no token is given out while the protection is off', async () => {
    expect(await get('/csrf-token?client=me')).toMatchObject({
      status: 422,
      body: { detail: 'CSRF protection is disabled.' },
    })
  })

  test.each([
    ['prefect/2.20.25 (API 0.8.4)', '2.20.25'],
    ['prefect/3.0.1 (API 0.8.4)', '3.8.8'],
    ['curl/8', '3.8.8'],
  ])('to %s it is version %s', async (agent, version) => {
    expect((await get('/admin/version', { 'user-agent': agent })).body).toBe(version)
  })

  test('it says that it has a pipeline', async () => {
    expect((await get('/admin/version')).headers).toMatchObject({ 'x-reeve-pipeline': PIPELINE_VERSION })
  })

  test('settings show no secrets', async () => {
    const { body } = await get('/admin/settings')
    expect(body).toMatchObject({ api_key: '**********', api_auth_string: null, default_limit: 200 })
    expect(body.database).toBe('postgres://me:**********@host/db')
    expect(JSON.stringify(body)).not.toMatch(/the-key|pass@/)
  })

  test('the kinds of worker come with a job that they can run', async () => {
    const { body } = await get('/collections/views/aggregate-worker-metadata')
    const types = Object.values(body as { [collection: string]: object }).flatMap((each) =>
      Object.values(each),
    )
    expect(types.map(({ type }) => type)).toEqual(['process', 'docker', 'kubernetes'])
    for (const { default_base_job_configuration: job } of types) {
      const used = [...JSON.stringify(job.job_configuration).matchAll(/\{\{ (\w+) \}\}/g)].map(
        ([, name]) => name,
      )
      expect(new Set(used)).toEqual(new Set(Object.keys(job.variables.properties)))
    }
  })

  test.each(['aggregate-block-metadata', 'aggregate-flow-metadata', 'demo-flows'])(
    '%s is empty',
    async (view) => {
      expect(await get(`/collections/views/${view}`)).toMatchObject({ status: 200, body: {} })
    },
  )

  test.each(['none', 'toString'])('the view %s is unknown', async (view) => {
    expect(await get(`/collections/views/${view}`)).toMatchObject({
      status: 404,
      body: { detail: `View ${view} not found in registry` },
    })
  })
})

test('a server whose database is gone is not ready', async () => {
  const server = await createTestServer('sqlite')
  await server.context.database.close()
  expect(await server.call('GET', '/ready')).toMatchObject({
    status: 503,
    body: { message: 'Database is not available' },
  })
  await server.app.close()
})
