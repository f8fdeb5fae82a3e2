import { type Client, createClient } from './client/client.ts'
import { allRoutes } from './client/routes.ts'
import type { Runtime } from './engine/runtime.ts'
import { usingRuntime } from './engine/using-runtime.ts'

/** A client with a method for every operation of the REST API. */
export type ReeveClient = Client<typeof allRoutes>

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
  return usingRuntime((runtime) => fn(serverHandle(runtime)))
}

export function serverHandle({ connection, settings }: Runtime): ServerHandle {
  return { apiUrl: connection.url, uiUrl: settings.uiUrl, client: createClient(allRoutes, connection) }
}
