import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Settings } from './settings.ts'
import { startServer } from './start.ts'

/** A server inside this process, for programs that have none: loopback only, services on. */
export async function startLocalServer(options: {
  /** Path of a SQLite file; its folder is made. */
  database: string
  /** 0: any free port. */
  port?: number
}): Promise<{ url: string; close(): Promise<void> }> {
  mkdirSync(dirname(options.database), { recursive: true })
  return startServer(Settings.parse({ database: options.database, port: options.port ?? 0 }))
}
