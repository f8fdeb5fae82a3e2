import { allRoutes } from './client/routes.ts'
import { type Client, createClient } from './client/client.ts'
import { connect } from './engine/connect.ts'

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
export async function withServer<T>(fn: (server: ServerHandle) => T | Promise<T>): Promise<T> {
  const runtime = await connect()
  const release = runtime.lease()
  try {
    const { authString, apiKey, uiUrl } = runtime.settings
    const url = runtime.api.url
    const client = createClient(allRoutes, { url, ...(authString && { authString }), ...(apiKey && { apiKey }) })
    return await fn({ apiUrl: url, uiUrl, client })
  } finally {
    await release()
  }
}
