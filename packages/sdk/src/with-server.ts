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

export function serverHandle({ api, settings }: Runtime): ServerHandle {
  const { authString, apiKey, uiUrl } = settings
  const credentials = { ...(authString && { authString }), ...(apiKey && { apiKey }) }
  return { apiUrl: api.url, uiUrl, client: createClient(allRoutes, { url: api.url, ...credentials }) }
}
