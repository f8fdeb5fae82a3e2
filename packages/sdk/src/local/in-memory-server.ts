import { requireServerRuntime } from '../runtime-support.ts'

/** A server without a port and without timers of its own. */
export type InMemoryServer = Awaited<ReturnType<typeof openInMemoryServer>>

/** Loads the server's code. `now` gives its time, in milliseconds since 1970. */
export async function openInMemoryServer(now: () => number) {
  await requireServerRuntime()
  const server = await import('@reeve/server/in-memory')
  return server.openInMemoryServer(now)
}
