import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteRuntime } from './engine/connect.ts'
import { runInScope } from './engine/scope.ts'
import { EmbeddedServer } from './local/embedded-server.ts'
import { memoryStorage } from './results/memory-storage.ts'
import { readSettings } from './settings.ts'
import { type ServerHandle, serverHandle } from './with-server.ts'

export interface TestServerOptions {
  /** Uses this server instead of starting one. */
  apiUrl?: string | undefined
  /** Settings by their REEVE_ names. */
  environment?: Record<string, string>
}

/**
 * Calls `fn` with all runs in it going to a server of their own, which is gone afterwards; results stay in
 * memory and nothing is printed. For tests of flows.
 * @example test('etl', () => withTestServer(async () => expect(await etl('orders')).toBe(3)))
 */
export async function withTestServer<T>(
  fn: (server: ServerHandle) => T | Promise<T>,
  { apiUrl, environment = {} }: TestServerOptions = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-test-'))
  const server = apiUrl === undefined ? await EmbeddedServer.open(join(folder, 'reeve.db')) : undefined
  try {
    const url = server ? `${server.url}/api` : apiUrl!
    const settings = readSettings({
      REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no',
      ...environment,
      REEVE_API_URL: url,
      REEVE_HOME: folder,
    })
    const runtime = remoteRuntime(settings, { url })
    const results = { ...runtime.results, storage: memoryStorage() }
    return await runInScope({ runtime: { ...runtime, results } }, async () => fn(await serverHandle(runtime)))
  } finally {
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  }
}
