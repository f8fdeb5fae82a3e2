import type { FastifyInstance } from 'fastify'
import { createApp } from '../../src/app.ts'
import type { Settings } from '../../src/settings.ts'
import type { TestDialect } from './databases.ts'
import { createTestContext } from './test-context.ts'
import type { TestContext } from './test-context.ts'

interface TestAnswer {
  status: number
  /** Parsed when it is JSON, else the text; undefined when there is none. */
  body: any
  headers: { [name: string]: unknown }
}

export interface TestServer extends TestContext {
  app: FastifyInstance
  /** `path` is below the mount: `/flows/`. A string body is sent as it is. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: { [name: string]: string },
  ): Promise<TestAnswer>
}

/** The whole HTTP side on a new database, called without a socket. */
export async function createTestServer(
  dialect: TestDialect,
  settings: Partial<Settings> = {},
): Promise<TestServer> {
  const test = await createTestContext(dialect, settings)
  const app = createApp(test.context)
  await app.ready()
  return {
    ...test,
    app,
    async call(method, path, body, headers = {}) {
      const payload = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
      const response = await app.inject({
        method: method as 'GET',
        url: `/api${path}`,
        headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(payload === undefined ? {} : { payload }),
      })
      const json = String(response.headers['content-type']).includes('json')
      const text = response.body === '' ? undefined : response.body
      return {
        status: response.statusCode,
        body: json && text !== undefined ? JSON.parse(text) : text,
        headers: response.headers,
      }
    },
    async close() {
      await app.close()
      await test.close()
    },
  }
}
