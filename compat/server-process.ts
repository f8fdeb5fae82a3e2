import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A server started by the suite. `stop` ends its whole process group and resolves when it is gone. */
export interface RunningServer {
  apiUrl: string
  stop(): Promise<void>
}

interface Launch {
  name: string
  command: string
  args: string[]
  port: number
  env: Record<string, string>
  cwd?: string
}

// Without these, a suite that is told to stop would leave its servers behind.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => process.exit(1))
}

const HEALTHY_WITHIN_MS = 300_000
const STOPPED_WITHIN_MS = 10_000

/** Starts a server and waits for `/api/health`; throws with the tail of its output when it ends or stays silent. */
export async function startServer(launch: Launch): Promise<RunningServer> {
  // A group of its own: the 2.20 server forks, and a signal to the parent alone leaves the child behind.
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: { ...process.env, ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const keep = (chunk: Buffer) => (output = (output + chunk).slice(-8000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let ended = false
  const end = new Promise<void>((resolve) => {
    child.on('error', (error) => keep(Buffer.from(String(error))))
    child.on('close', () => {
      ended = true
      resolve()
    })
  })
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid) {
        process.kill(-child.pid, name)
      }
    } catch {
      // The group is gone already.
    }
  }
  const abandon = () => signal('SIGKILL')
  process.once('exit', abandon)
  const stop = async () => {
    signal('SIGTERM')
    await Promise.race([end, delay(STOPPED_WITHIN_MS, undefined, { ref: false })])
    signal('SIGKILL')
    await end
    process.off('exit', abandon)
  }
  const apiUrl = `http://127.0.0.1:${launch.port}/api`
  const deadline = Date.now() + HEALTHY_WITHIN_MS
  while (!(await isHealthy(apiUrl))) {
    if (ended || Date.now() > deadline) {
      await stop()
      throw new Error(`${launch.name} did not become healthy:\n${output}`)
    }
    await delay(100)
  }
  return { apiUrl, stop }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function isHealthy(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/health`)).ok
  } catch {
    return false
  }
}
