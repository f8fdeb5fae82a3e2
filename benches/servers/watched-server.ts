import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { reeve, startServerProcess } from '../../packages/server/tests/helpers/server-process.ts'
import type { ServerProcess } from '../../packages/server/tests/helpers/server-process.ts'

export interface LoopDelay {
  p99: number
  most: number
  /** Processor time between two turns, at most. */
  busiest: number
}

/** One of our servers that tells how late its event loop is. */
export interface WatchedServer extends ServerProcess {
  /** Milliseconds since the last call. */
  loopDelay(): Promise<LoopDelay>
}

/** Starts one of our servers on a database; `file` is for its messages. */
export async function startWatchedServer(database: string, file: string): Promise<WatchedServer> {
  const launch = reeve(database, ['--import', join(import.meta.dirname, 'loop-delay.ts')])
  const server = await startServerProcess({ ...launch, env: () => ({ LOOP_DELAY_FILE: file }) })
  return { ...server, loopDelay: () => askForDelay(server.pid, file) }
}

async function askForDelay(pid: number, file: string): Promise<LoopDelay> {
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await delay(5)
  return JSON.parse(readFileSync(file, 'utf8')) as LoopDelay
}
