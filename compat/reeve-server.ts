import { join } from 'node:path'
import { freePort, startServer } from './server-process.ts'
import type { RunningServer } from './server-process.ts'

const REPOSITORY = join(import.meta.dirname, '..')

/** Starts Reeve the way a user does; resolves when it is healthy. */
export async function startReeve(database: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const port = await freePort()
  return startServer({
    name: 'Reeve',
    command: process.execPath,
    args: ['packages/cli/src/main.ts', 'server', 'start', '--port', String(port), '--database', database],
    cwd: REPOSITORY,
    port,
    env,
  })
}
