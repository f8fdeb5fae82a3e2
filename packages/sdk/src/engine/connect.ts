import { join } from 'node:path'
import { startEmbeddedServer } from '../local/embedded-server.ts'
import { log } from '../logs/logger.ts'
import { LogShipper } from '../logs/shipper.ts'
import { jsonSerializer } from '../results/json-serializer.ts'
import { localStorage } from '../results/local-storage.ts'
import { readSettings, type Settings } from '../settings.ts'
import { type EngineApi, engineApi } from './api.ts'
import type { Runtime } from './runtime.ts'

let connected: Promise<Runtime> | undefined

/**
 * The process's connection: to the server that the environment names or, without one, to a server inside
 * this process. Made on first use.
 */
export function connect(): Promise<Runtime> {
  connected ??= open().catch((error: unknown) => {
    connected = undefined
    throw error
  })
  return connected
}

async function open(): Promise<Runtime> {
  const settings = readSettings()
  if (settings.apiUrl !== undefined) return remoteRuntime(settings, settings.apiUrl)
  const server = await startEmbeddedServer(join(settings.home, 'reeve.db'))
  const runtime = makeRuntime({ ...settings, uiUrl: settings.uiUrl ?? server.url }, `${server.url}/api`)
  let users = 0
  let closing: NodeJS.Timeout | undefined
  const lease = () => {
    users++
    clearTimeout(closing)
    return async () => {
      if (--users > 0) return
      // Another run may follow at once; only an idle process lets its server go.
      closing = setTimeout(() => {
        connected = undefined
        void server.close()
      }, IDLE_MS)
    }
  }
  return { ...runtime, lease }
}

const IDLE_MS = 200

export function remoteRuntime(settings: Settings, url: string): Runtime {
  return makeRuntime(settings, url)
}

function makeRuntime(settings: Settings, url: string): Runtime {
  const { authString, apiKey } = settings
  const api = engineApi({ url, ...(authString && { authString }), ...(apiKey && { apiKey }) })
  return runtimeOver(api, settings)
}

/** A runtime over any implementation of the engine's part of the API. */
export function runtimeOver(api: EngineApi, settings: Settings): Runtime {
  const logs = new LogShipper({ send: (batch) => api.createLogs({ body: batch }) })
  const storage = localStorage(join(settings.home, 'results'))
  const results = { persist: settings.persistResults, storage, serializer: jsonSerializer }
  return { api, settings, logs, results, flowIds: new Map(), lease: () => async () => reportDropped(logs) }
}

let reported = 0

function reportDropped(logs: LogShipper): void {
  if (logs.dropped <= reported) return
  log.warn(`${logs.dropped - reported} log records could not be sent to the server`)
  reported = logs.dropped
}
