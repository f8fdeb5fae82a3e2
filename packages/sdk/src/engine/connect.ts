import { join } from 'node:path'
import { type Clock, systemClock } from '../client/clock.ts'
import { sleepSeconds } from '../client/sleep.ts'
import type { TransportOptions } from '../client/transport.ts'
import { EmbeddedServer } from '../local/embedded-server.ts'
import { log } from '../logs/logger.ts'
import { jsonSerializer } from '../results/json-serializer.ts'
import { localStorage } from '../results/local-storage.ts'
import { readSettings, type Settings } from '../settings.ts'
import { Shipper } from '../shipper.ts'
import { type EngineApi, engineApi } from './api.ts'
import { describeError } from './errors.ts'
import type { EventRecord, LogRecord, Runtime } from './runtime.ts'

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
  if (settings.apiUrl !== undefined) return remoteRuntime(settings, { url: settings.apiUrl })
  const server = await EmbeddedServer.open(join(settings.home, 'reeve.db'))
  const { url, fetch } = server
  const runtime = remoteRuntime(
    { ...settings, uiUrl: settings.uiUrl ?? url },
    { url: `${url}/api`, fetch, currentUrl: () => `${server.current}/api` },
  )
  let users = 0
  let closing: NodeJS.Timeout | undefined
  const lease = () => {
    const ship = runtime.lease()
    users++
    clearTimeout(closing)
    return async () => {
      await ship()
      if (--users > 0) return
      // Another run may follow at once; only an idle process lets its server go.
      closing = setTimeout(() => {
        connected = undefined
        runtime.pipeline?.close()
        void server.close()
      }, IDLE_MS)
    }
  }
  return { ...runtime, lease }
}

const IDLE_MS = 200

type Address = Pick<TransportOptions, 'url' | 'fetch' | 'currentUrl'>

/** A runtime over the server at this address, with the credentials that the settings hold. */
export function remoteRuntime(settings: Settings, address: Address, clock: Clock = systemClock): Runtime {
  const { authString, apiKey } = settings
  const connection = {
    ...address,
    ...(authString && { authString }),
    ...(apiKey && { apiKey }),
    now: () => clock.now(),
    sleep: (seconds: number, signal?: AbortSignal) => sleepSeconds(seconds, signal, clock),
  }
  const { api, pipeline } = engineApi({
    ...connection,
    // A server in memory has no address for sockets.
    isRest: clock !== systemClock,
    say: (level, text) => log[level](text),
  })
  return { ...runtimeOver(api, settings, connection, clock), pipeline }
}

/** A runtime over any implementation of the engine's part of the API. */
export function runtimeOver(
  api: EngineApi,
  settings: Settings,
  connection: TransportOptions,
  clock: Clock = systemClock,
): Runtime {
  const logs = new Shipper<LogRecord>({ send: (batch) => api.createLogs({ body: batch }), clock })
  const events = new Shipper<EventRecord>({
    send: (batch) => api.createEvents({ body: batch }),
    maxBatch: 50,
    clock,
  })
  const storage = localStorage(join(settings.home, 'results'))
  const results = { persist: settings.persistResults, storage, serializer: jsonSerializer, inline: true }
  const reported = { logs: 0, events: 0 }
  const ship = async () => {
    await Promise.all([logs.flush(), events.flush()])
    for (const [what, { dropped, failure }] of Object.entries({ logs, events }) as [
      'logs' | 'events',
      Shipper<unknown>,
    ][]) {
      if (dropped > reported[what])
        log.warn(
          `${dropped - reported[what]} ${what} could not be sent to the server: ${failure ? describeError(failure) : 'there were too many'}`,
        )
      reported[what] = dropped
    }
  }
  return {
    api,
    pipeline: undefined,
    connection,
    settings,
    clock,
    logs,
    events,
    results,
    flowIds: new Map(),
    lease: () => ship,
  }
}
