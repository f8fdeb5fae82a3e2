import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './postgres-server.ts'

export interface ServerProcess {
  origin: string
  /** Of the process, and of its group. */
  pid: number
  /** Milliseconds from the start of the process to the first healthy answer. */
  startMs: number
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would, and waits until it is gone. */
  kill(): Promise<void>
  /** The last it wrote to its standard streams. */
  output(): string
}

export interface Launch {
  command: string
  args(port: number): string[]
  env?(port: number): { [name: string]: string }
}

const HEALTHY_WITHIN_MS = 120_000
const STOPPED_WITHIN_MS = 10_000

/** The sources, so that no stale build is tested; benchmarks build first and run what users run. */
const CLI = join(import.meta.dirname, '../../../cli', process.env['REEVE_BUILT'] ? 'reeve.js' : 'src/main.ts')

/** Our server, through its command line. `database`: path of a SQLite file or a PostgreSQL URL. */
export function reeve(database: string, nodeOptions: readonly string[] = []): Launch {
  return {
    command: process.execPath,
    args: (port) => [...nodeOptions, CLI, 'server', 'start', '--port', `${port}`, '--database', database],
  }
}

/** Starts a server and waits for its first healthy answer; throws with its last words when there is none. */
export async function startServerProcess(launch: Launch): Promise<ServerProcess> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const started = performance.now()
  const child = spawn(launch.command, launch.args(port), {
    env: { ...process.env, ...launch.env?.(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the children of a server are measured and stopped with it.
    detached: true,
  })
  let output = ''
  const keep = (chunk: Buffer) => (output = (output + chunk).slice(-4000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let ended = false
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => keep(Buffer.from(error.message)))
    child.on('close', () => {
      ended = true
      resolve()
    })
  })
  const pid = child.pid ?? 0
  const kill = async () => {
    signal(pid, 'SIGKILL')
    await gone
  }
  const stop = async () => {
    signal(pid, 'SIGTERM')
    await Promise.race([gone, delay(STOPPED_WITHIN_MS, undefined, { ref: false })])
    await kill()
  }
  while (!(await isHealthy(origin))) {
    if (ended || performance.now() - started > HEALTHY_WITHIN_MS) {
      await stop()
      throw new Error(`${launch.command} did not become healthy:\n${output}`)
    }
    await delay(3)
  }
  return { origin, pid, startMs: performance.now() - started, stop, kill, output: () => output }
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    if (group > 0) process.kill(-group, name)
  } catch {
    // The group is gone already.
  }
}

async function isHealthy(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/api/health`)).ok
  } catch {
    return false
  }
}
