interface StartOptions {
  host?: string
  port?: string
  database?: string
  services: boolean
  config?: string
  logLevel?: string
}

function flagsOf(options: StartOptions): { [name: string]: unknown } {
  const flags = {
    host: options.host,
    port: options.port,
    database: options.database,
    log_level: options.logLevel,
    // Commander reads --no-services as services: false, and its absence as true.
    services: options.services ? undefined : false,
  }
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
}

/** Starts the server, says where its API is, and closes it cleanly on SIGTERM or SIGINT. */
export async function start(options: StartOptions): Promise<void> {
  const { loadSettings } = await import('@reeve/server/settings-sources')
  const { startServer } = await import('@reeve/server/start')
  try {
    const settings = loadSettings(flagsOf(options), process.env, options.config)
    const server = await startServer(settings)
    console.log(`Reeve is ready. API: ${server.apiUrl}  Database: ${withoutPassword(settings.database)}`)
    stopOnSignal(() => server.close())
  } catch (error) {
    console.error(`reeve: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

function stopOnSignal(close: () => Promise<void>): void {
  let closing = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) return
      closing = true
      close().catch((error) => {
        console.error(`reeve: could not close cleanly: ${(error as Error).message}`)
        process.exitCode = 1
      })
    })
  }
}

function withoutPassword(location: string): string {
  return location.replace(/(\/\/[^:/@]*):[^@]*@/, '$1:***@')
}
