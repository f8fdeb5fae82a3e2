import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'

/** A place for one server's data. `remove` may be called when the server has stopped. */
export interface Database {
  location: string
  remove(): Promise<void>
}

/** How to make an empty database of each kind that Reeve runs on. */
export const databases = {
  async sqlite(): Promise<Database> {
    const folder = mkdtempSync(join(tmpdir(), 'reeve-compat-sqlite-'))
    return {
      location: join(folder, 'reeve.db'),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
  async postgres(): Promise<Database> {
    const server = await startPostgresServer({ durable: false })
    return { location: server.url, remove: () => server.stop() }
  },
}
