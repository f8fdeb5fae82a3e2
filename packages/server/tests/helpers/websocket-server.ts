import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PIPELINE_PATH } from '@reeve/schemas/pipeline'
import { servePipeline } from '../../src/api/pipeline.ts'
import { wireLog } from '../../src/api/wire/log.ts'
import { wireTaskRun } from '../../src/api/wire/task-run.ts'
import { attachWebsockets } from '../../src/events/websocket-server.ts'
import type { Settings } from '../../src/settings.ts'
import type { TestDialect } from './databases.ts'
import { createTestContext } from './test-context.ts'
import type { TestContext } from './test-context.ts'
import { TestClient } from './websocket-client.ts'
import type { ConnectOptions } from './websocket-client.ts'

/** As the server is put together. */
export const PRINTERS = { taskRun: wireTaskRun, log: wireLog }

export interface WebsocketTest extends TestContext {
  /** Opens a client on a path below `/api`. */
  connect(path: string, options?: ConnectOptions): TestClient
  /** Closes the websockets only. */
  closeWebsockets(): Promise<void>
}

/** The websockets alone, on a port of this machine. */
export async function createWebsocketTest(
  dialect: TestDialect,
  settings: Partial<Settings> = {},
): Promise<WebsocketTest> {
  const test = await createTestContext(dialect, settings)
  const server = createServer()
  const websockets = attachWebsockets(server, test.context, PRINTERS, [
    { path: PIPELINE_PATH, serve: servePipeline },
  ])
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const clients: TestClient[] = []
  return {
    ...test,
    connect(path, options = { protocol: 'prefect' }) {
      const client = new TestClient(`ws://127.0.0.1:${port}/api${path}`, options)
      clients.push(client)
      return client
    },
    closeWebsockets: () => websockets.close(),
    async close() {
      for (const { socket } of clients) socket.terminate()
      await websockets.close()
      await new Promise((resolve) => server.close(resolve))
      await test.close()
    },
  }
}
