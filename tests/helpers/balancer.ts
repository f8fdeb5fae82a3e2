import { connect, createServer, type Socket } from 'node:net'

/** A load balancer of TCP connections over servers that come and go. */
export interface Balancer {
  apiUrl: string
  /** Connections that each server was given, by its origin. */
  given: ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Gives each new connection to the next of the servers that takes it; `origins` is asked each time. */
export async function startBalancer(origins: () => readonly string[]): Promise<Balancer> {
  const given = new Map<string, number>()
  const sockets = new Set<Socket>()
  let turn = 0
  const serve = async (client: Socket) => {
    const known = origins()
    const first = turn++
    for (const index of known.keys()) {
      const origin = known[(first + index) % known.length] as string
      const server = await dial(origin)
      if (!server) continue
      given.set(origin, (given.get(origin) ?? 0) + 1)
      return join(client, server)
    }
    client.destroy()
  }
  const listener = createServer({ noDelay: true }, (client) => {
    sockets.add(client)
    client.on('error', () => {})
    client.once('close', () => sockets.delete(client))
    void serve(client)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as { port: number }
  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    given,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** Undefined when nobody is there. */
function dial(origin: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

function join(client: Socket, server: Socket): void {
  server.on('error', () => {})
  server.once('close', () => client.destroy())
  client.once('close', () => server.destroy())
  if (client.destroyed) server.destroy()
  client.pipe(server).pipe(client)
}
