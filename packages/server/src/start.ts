import type { AddressInfo } from 'node:net'
import { PIPELINE_PATH } from '@reeve/schemas/pipeline'
import { servePipeline } from './api/pipeline.ts'
import { wireLog } from './api/wire/log.ts'
import { wireTaskRun } from './api/wire/task-run.ts'
import { createApp } from './app.ts'
import { systemClock } from './clock.ts'
import type { Context } from './context.ts'
import { openDatabase } from './database/open.ts'
import { attachWebsockets } from './events/websocket-server.ts'
import { prepareContext } from './prepare-context.ts'
import { publishAddress } from './published-address.ts'
import { runServices } from './services/runner.ts'
import type { Settings } from './settings.ts'

export interface RunningServer {
  /** Where the API is: `http://127.0.0.1:4200/api`. */
  apiUrl: string
  url: string
  context: Context
  /** Lets requests in flight end, stores what was accepted, and lets go of the database. */
  close(): Promise<void>
}

/**
 * Opens the database, listens and starts the services. Rejects with one clear sentence when the port is
 * taken, the database cannot be used or another process owns it.
 */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const database = await openDatabase(settings.database, { scanSeconds: settings.query_timeout_seconds })
  const context = await prepareContext(settings, database, systemClock())
  const app = createApp(context)
  const websockets = attachWebsockets(app.server, context, { taskRun: wireTaskRun, log: wireLog }, [
    { path: PIPELINE_PATH, serve: servePipeline },
  ])
  try {
    await app.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await database.close()
    throw listenFailure(error, settings)
  }
  const { port } = app.server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const url = `http://${host}:${port}`
  const address = await publishAddress(settings.database, url)
  const services = settings.services ? runServices(context) : undefined
  return {
    url,
    apiUrl: `${url}/api`,
    context,
    async close() {
      await services?.stop()
      context.slotLines.close()
      await address.withdraw()
      await Promise.all([websockets.close(), app.close()])
      await database.close()
    },
  }
}

function listenFailure(error: unknown, { host, port }: Settings): unknown {
  const { code } = error as { code?: string }
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is in use; choose another with --port.`)
  if (code === 'EACCES') return new Error(`This user may not listen on port ${port}; choose one above 1023.`)
  if (code === 'EADDRNOTAVAIL')
    return new Error(`This machine has no address ${host}; choose another with --host.`)
  return error
}
