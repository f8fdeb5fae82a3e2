import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../../src/client/clock.ts'
import type { Runtime } from '../../src/engine/runtime.ts'

/** A server of events whose every word the test says. */
export class HandServer {
  readonly filters: unknown[] = []
  sockets: WebSocket[] = []
  #server: WebSocketServer | undefined
  port = 0

  async start(): Promise<void> {
    const server = new WebSocketServer({
      port: this.port,
      host: '127.0.0.1',
      handleProtocols: () => 'prefect',
    })
    server.on('connection', (socket) => {
      this.sockets.push(socket)
      socket.on('message', (frame) => {
        const said = JSON.parse(String(frame)) as { type: string }
        if (said.type === 'auth') socket.send('{"type":"auth_success"}')
        else this.filters.push(said)
      })
    })
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }

  tell(event: string, id: string): void {
    const resource = { 'prefect.resource.id': id }
    this.sockets.at(-1)!.send(JSON.stringify({ type: 'event', event: { event, resource } }))
  }

  /** A connection to it. */
  runtime(): Runtime {
    const connection = { url: `http://127.0.0.1:${this.port}/api` }
    return { connection, clock: systemClock } as Runtime
  }

  /** As a crash would. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    await new Promise((resolve) => this.#server?.close(resolve))
  }
}
