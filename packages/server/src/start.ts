import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { wireLog } from './api/wire/log.ts'
import { wireTaskRun } from './api/wire/task-run.ts'
import { createApp } from './app.ts'
import { createBus } from './bus.ts'
import { systemClock } from './clock.ts'
import type { Context, ModelContext } from './context.ts'
import type { Database } from './database/database.ts'
import { openDatabase } from './database/open.ts'
import { attachWebsockets } from './events/websocket-server.ts'
import { systemIds } from './ids.ts'
import { createHotPath } from './models/hot-path.ts'
import { openSealer } from './sealing-key.ts'
import { prepareBlocks } from './services/prepare-blocks.ts'
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

async function createContext(settings: Settings, database: Database): Promise<Context> {
  const clock = systemClock()
  const ids = systemIds
  const shared: ModelContext = {
    clock,
    ids,
    random: Math.random,
    settings,
    bus: createBus(),
    sealer: await openSealer(settings, database, { clock, ids }),
  }
  return {
    ...shared,
    database,
    hotPath: createHotPath(database, shared),
    logger: pino({ level: settings.log_level, name: 'reeve' }),
  }
}

async function prepareContext(settings: Settings, database: Database): Promise<Context> {
  try {
    const context = await createContext(settings, database)
    await prepareBlocks(context)
    return context
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Opens the database, listens and starts the services. Rejects with one clear sentence when the port is
 * taken, the database cannot be used or another process owns it.
 */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const database = await openDatabase(settings.database, { scanSeconds: settings.query_timeout_seconds })
  const context = await prepareContext(settings, database)
  const app = createApp(context)
  const websockets = attachWebsockets(app.server, context, { taskRun: wireTaskRun, log: wireLog })
  try {
    await app.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await database.close()
    throw listenFailure(error, settings)
  }
  const services = settings.services ? runServices(context) : undefined
  const { port } = app.server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  const url = `http://${host}:${port}`
  return {
    url,
    apiUrl: `${url}/api`,
    context,
    async close() {
      await services?.stop()
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
