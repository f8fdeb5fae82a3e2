/** A server that runs inside this process. */
export interface EmbeddedServer {
  /** Without a slash at the end; the API is under `/api`. */
  url: string
  close(): Promise<void>
}

interface LocalModule {
  startLocalServer(options: { database: string; port: number }): Promise<EmbeddedServer>
}

/** Starts the server on a SQLite file. It is a package of its own, loaded only when it is needed. */
export async function startEmbeddedServer(database: string): Promise<EmbeddedServer> {
  const name: string = '@reeve/server/local'
  let module: LocalModule
  try {
    module = (await import(name)) as LocalModule
  } catch (cause) {
    const advice = 'Set REEVE_API_URL to the address of a server, such as http://127.0.0.1:4200/api.'
    throw new Error(`The embedded server cannot be loaded. ${advice}`, { cause })
  }
  const { url, close } = await module.startLocalServer({ database, port: 0 })
  return { url: url.replace(/\/+$/, '').replace(/\/api$/, ''), close }
}
