import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { EmbeddedServer } from '../../src/local/embedded-server.ts'
import { withTestServer } from '../../src/testing.ts'
import type { ServerHandle } from '../../src/with-server.ts'

const given = process.env.REEVE_TEST_API_URL

/** Whether the tests run on a server of ours. A given one is Prefect's. */
export const isReeve = given === undefined

/** So many runs, or a tenth on a given server: Prefect's takes a second for a dozen. */
export const many = (count: number) => (given === undefined ? count : Math.ceil(count / 10))

/** How long a background run is waited for. */
export const SOON = { timeoutSeconds: given === undefined ? 20 : 50 }

/**
 * One server for the tests of a file: the one at REEVE_TEST_API_URL if it is set, otherwise an embedded one.
 * The returned function calls its argument with runs going there.
 */
export function sharedServer() {
  let apiUrl = given
  let close = async () => {}
  beforeAll(async () => {
    if (apiUrl !== undefined) return
    const folder = await mkdtemp(join(tmpdir(), 'reeve-shared-'))
    const server = await EmbeddedServer.open(join(folder, 'reeve.db'))
    apiUrl = `${server.url}/api`
    close = async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)
  afterAll(() => close())
  return <T>(
    fn: (server: ServerHandle) => Promise<T>,
    environment: Record<string, string> = {},
  ): Promise<T> => withTestServer(fn, { apiUrl, environment })
}
