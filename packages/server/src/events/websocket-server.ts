import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Context } from '../context.ts'
import { asksForCredentials } from '../credentials.ts'
import { authenticate } from './authenticate.ts'
import { watchElsewhere } from './elsewhere.ts'
import { receiveEvents } from './events-in.ts'
import { streamEvents } from './events-out.ts'
import { Ingest } from './ingest.ts'
import { streamLogs } from './logs-out.ts'
import { Orphans } from './orphans.ts'
import { PassingEvents } from './passing-events.ts'
import { Peer, SERVICE_RESTART } from './peer.ts'
import type { Printers } from './printers.ts'
import { deliverTaskRuns, forgetEarlierWorkers } from './scheduled-task-runs.ts'

export interface Websockets {
  /** Asks every client to come back, and waits until what they sent is stored. */
  close(): Promise<void>
}

const SUBPROTOCOL = 'prefect'
const HEARTBEAT_MS = 20_000
const ORPHANS_MS = 1000
const FAREWELL_MS = 1000

type Serve = (peer: Peer, request: IncomingMessage) => void

/** A websocket of another room, by its path below the mount. */
export interface WebsocketRoute {
  path: string
  serve(peer: Peer, context: Context, request: IncomingMessage): void
}

/** Serves the websockets below `mount` (`/api`) on an HTTP server. */
export function attachWebsockets(
  server: Server,
  context: Context,
  printers: Printers,
  more: readonly WebsocketRoute[] = [],
  mount = '/api',
): Websockets {
  const { settings } = context
  const ingest = new Ingest(context)
  const orphans = new Orphans(context)
  const passing = new PassingEvents(context)
  const routes = new Map<string, Serve>([
    [`${mount}/events/in`, (peer) => receiveEvents(peer, context, ingest)],
    [`${mount}/events/out`, (peer) => streamEvents(peer, context, passing)],
    [`${mount}/logs/out`, (peer) => streamLogs(peer, context, printers)],
    [`${mount}/task_runs/subscriptions/scheduled`, (peer) => deliverTaskRuns(peer, context, printers)],
    ...more.map(({ path, serve }): [string, Serve] => [
      `${mount}${path}`,
      (peer, request) => serve(peer, context, request),
    ]),
  ])
  const complain = (message: string) => (error: unknown) => context.logger.error({ err: error }, message)
  forgetEarlierWorkers(context).catch(complain('background task runs in hand cannot be put back'))
  const elsewhere = watchElsewhere(context)
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    maxPayload: settings.max_body_bytes,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  })
  let isClosing = false

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const serve = routes.get(pathOf(request))
    const isLegacy = !offersSubprotocol(request)
    if (!serve) return refuse(socket, '404 Not Found')
    if (isClosing) return refuse(socket, '503 Service Unavailable')
    if (isLegacy && asksForCredentials(settings)) return refuse(socket, '403 Forbidden')
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', (error) => context.logger.debug({ err: error }, 'a websocket failed'))
      const peer = new Peer(websocket)
      if (isLegacy) serve(peer, request)
      else authenticate(peer, settings, () => serve(peer, request))
    })
  }
  server.on('upgrade', upgrade)
  const stopHeartbeat = keepAlive(sockets.clients)
  const retry = () => orphans.retry().catch(complain('task runs wait to be recorded'))
  const orphanTimer = setInterval(retry, ORPHANS_MS).unref()

  return {
    async close() {
      isClosing = true
      server.off('upgrade', upgrade)
      clearInterval(orphanTimer)
      stopHeartbeat()
      await closeAll(sockets.clients)
      await ingest.drained()
      orphans.close()
      await (await elsewhere)?.close()
    },
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1)
  return path.endsWith('/') ? path.slice(0, -1) : path
}

function offersSubprotocol(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').some((name) => name.trim() === SUBPROTOCOL)
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Pings every client, and ends those that did not answer the last time. Returns what stops it. */
function keepAlive(clients: Set<WebSocket>): () => void {
  const silent = new WeakSet<WebSocket>()
  const beat = () => {
    for (const client of clients) {
      // The answer of a client that we do not read from cannot be seen.
      if (client.isPaused) continue
      if (silent.has(client)) {
        client.terminate()
        continue
      }
      silent.add(client)
      client.once('pong', () => silent.delete(client))
      client.ping()
    }
  }
  const timer = setInterval(beat, HEARTBEAT_MS).unref()
  return () => clearInterval(timer)
}

async function closeAll(clients: Set<WebSocket>): Promise<void> {
  const closed = [...clients].map(
    (client) =>
      new Promise<void>((resolve) => {
        client.once('close', () => resolve())
        if (client.isPaused) client.resume()
        client.close(SERVICE_RESTART, 'The server restarts')
        setTimeout(() => client.terminate(), FAREWELL_MS).unref()
      }),
  )
  await Promise.all(closed)
}
