import { afterEach, describe, expect, test } from 'vitest'
import type { Settings } from '../src/settings.ts'
import { createTestServer } from './helpers/test-server.ts'
import type { TestServer } from './helpers/test-server.ts'

let server: TestServer | undefined
const start = async (settings: Partial<Settings> = {}) =>
  (server = await createTestServer('sqlite', settings))
afterEach(() => server?.close())

describe('paths and methods', () => {
  test('a path with the other trailing slash is redirected, query and all', async () => {
    const { call } = await start()
    const answer = await call('GET', '/flow_run_states?flow_run_id=1')
    expect(answer.status).toBe(307)
    expect(answer.headers['location']).toBe('/api/flow_run_states/?flow_run_id=1')
  })

  test('unknown paths are 404, known paths with another method 405', async () => {
    const { call } = await start()
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { detail: 'Not Found' } })
    expect(await call('PUT', '/flows/')).toMatchObject({
      status: 405,
      body: { detail: 'Method Not Allowed' },
    })
  })

  test('a malformed id in the path is 404', async () => {
    const { call } = await start()
    expect(await call('GET', '/flows/not-an-id')).toMatchObject({
      status: 404,
      body: { detail: 'Not Found' },
    })
  })

  test('the OpenAPI document describes what is served', async () => {
    const { app } = await start()
    const document = (await app.inject('/openapi.json')).json()
    expect(Object.keys(document.paths)).toContain('/api/task_runs/{id}/set_state')
    expect(document.paths['/api/flows/'].post.requestBody.required).toBe(true)
  })
})

describe('bodies', () => {
  test("what is not JSON is refused in the contract's form", async () => {
    const { call } = await start()
    const { status, body } = await call('POST', '/flows/', '{"name": nope}')
    expect(status).toBe(422)
    expect(body).toMatchObject({ exception_message: 'Invalid request received.' })
    expect(body.exception_detail[0]).toMatchObject({
      type: 'json_invalid',
      loc: ['body', expect.any(Number)],
    })
  })

  test('a missing body is refused where one is needed', async () => {
    const { call } = await start()
    const { status, body } = await call('POST', '/flows/')
    expect(status).toBe(422)
    expect(body.exception_detail[0]).toMatchObject({ type: 'missing', loc: ['body'] })
  })

  test('unknown keys are refused and nothing is written', async () => {
    const { call } = await start()
    const { status, body } = await call('POST', '/flows/', { name: 'x', nonsense: 1 })
    expect(status).toBe(422)
    expect(body.exception_detail[0]).toMatchObject({ type: 'extra_forbidden', loc: ['body', 'nonsense'] })
    expect((await call('POST', '/flows/count', {})).body).toBe(0)
  })

  test('a body over the limit is 413', async () => {
    const { call } = await start({ max_body_bytes: 1000 })
    expect((await call('POST', '/flows/', { name: 'x'.repeat(2000) })).status).toBe(413)
  })

  test('parameters over their limit are refused in the long form', async () => {
    const { call } = await start({ max_parameter_bytes: 100 })
    const flow = await call('POST', '/flows/', { name: 'x' })
    const parameters = { text: 'é'.repeat(50) }
    const { status, body } = await call('POST', '/flow_runs/', { flow_id: flow.body.id, parameters })
    expect(status).toBe(422)
    expect(body.exception_detail[0]).toMatchObject({ loc: ['body', 'parameters'] })
  })

  test('NUL characters and halves of surrogate pairs do not reach the database; NaN becomes null', async () => {
    const { call } = await start()
    const flow = await call('POST', '/flows/', '{"name": "a\\u0000b\\ud800"}')
    expect(flow).toMatchObject({ status: 201, body: { name: 'ab\ufffd' } })
    const run = await call('POST', '/flow_runs/', `{"flow_id": "${flow.body.id}", "parameters": {"x": NaN}}`)
    expect(run.body.parameters).toEqual({ x: null })
  })

  test('a body without a content type is read as JSON', async () => {
    const { app } = await start()
    const answer = await app.inject({ method: 'POST', url: '/api/flows/', payload: '{"name":"x"}' })
    expect(answer.statusCode).toBe(201)
  })
})

describe('versions', () => {
  test.each([
    ['nonsense', 400],
    ['0.7.9', 400],
    ['0.8.4', 200],
    ['1.0.0', 200],
  ])('the API version %s is answered %i', async (version, status) => {
    const { call } = await start()
    const answer = await call('POST', '/flows/count', {}, { 'x-prefect-api-version': version })
    expect(answer.status).toBe(status)
  })
})

describe('credentials', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  test('without any set, everyone may call', async () => {
    const { call } = await start()
    expect((await call('POST', '/flows/count', {})).status).toBe(200)
  })

  test('with an auth string, every route but health and ready asks for it', async () => {
    const { app, call } = await start({ api_auth_string: 'admin:secret' })
    expect(await call('POST', '/flows/count', {})).toMatchObject({
      status: 401,
      body: { exception_message: 'Unauthorized' },
    })
    expect((await call('GET', '/nothing')).status).toBe(401)
    expect((await app.inject('/openapi.json')).statusCode).toBe(401)
    expect((await call('GET', '/health')).status).toBe(200)
    expect((await call('GET', '/ready')).status).toBe(200)
    expect((await call('POST', '/flows/count', {}, basic('admin:secret'))).status).toBe(200)
    expect((await call('POST', '/flows/count', {}, basic('admin:wrong'))).status).toBe(401)
    expect((await call('POST', '/flows/count', {}, { authorization: 'Basic' })).status).toBe(401)
  })

  test('a Prefect 2 client sends the auth string as its API key, spaces and all', async () => {
    const { call } = await start({ api_auth_string: 'admin:a secret' })
    const bearer = { authorization: 'Bearer admin:a secret' }
    expect((await call('POST', '/flows/count', {}, bearer)).status).toBe(200)
  })

  test('with an API key, a bearer token passes', async () => {
    const { call } = await start({ api_key: 'key' })
    expect((await call('POST', '/flows/count', {}, { authorization: 'Bearer key' })).status).toBe(200)
    expect((await call('POST', '/flows/count', {}, { authorization: 'Bearer other' })).status).toBe(401)
    expect((await call('POST', '/flows/count', {})).status).toBe(401)
  })
})

describe('other origins', () => {
  const from = { origin: 'https://example.com' }

  test('get no permission unless told', async () => {
    const { call } = await start()
    const answer = await call('POST', '/flows/count', {}, from)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('get it when listed, preflight included', async () => {
    const { app, call } = await start({ cors_origins: 'https://example.com', api_auth_string: 'a:b' })
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/api/flows/',
      headers: { ...from, 'access-control-request-method': 'POST' },
    })
    expect(preflight.statusCode).toBe(200)
    expect(preflight.headers['access-control-allow-origin']).toBe('https://example.com')
    const other = await call('POST', '/flows/count', {}, { origin: 'https://elsewhere.com' })
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })
})
