import { type Client, createClient } from './client/client.ts'
import type { allRoutes } from './client/routes.ts'
import type { Runtime } from './engine/runtime.ts'
import { usingRuntime } from './engine/using-runtime.ts'

/** A client with a method for every operation of the REST API. */
export type ReeveClient = Client<typeof allRoutes>

/** A server that answers, and a client for it. */
export interface ServerHandle {
  /** Base of the REST API. */
  readonly apiUrl: string
  /** Where people look at runs, if it is known. */
  readonly uiUrl: string | undefined
  readonly client: ReeveClient
}

/**
 * Calls `fn` with the server that runs go to, and keeps it up meanwhile if it is the embedded one.
 * @example await withServer(({ client }) => client.countFlowRuns())
 */
export function withServer<T>(fn: (server: ServerHandle) => T | Promise<T>): Promise<T> {
  return usingRuntime(async (runtime) => fn(await serverHandle(runtime)))
}

/** Loads the schemas of the whole API, which running flows does without. */
export async function serverHandle({ connection, settings }: Runtime): Promise<ServerHandle> {
  const { allRoutes } = await import('./client/routes.ts')
  return { apiUrl: connection.url, uiUrl: settings.uiUrl, client: createClient(allRoutes, connection) }
}
