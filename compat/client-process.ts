import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Generation } from './generation.ts'
import { ensureVenv } from './venv.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')
const ENDED_WITHIN_MS = 240_000

/** What a program printed last, and the text that stands in every name it made on the server. */
interface ProgramRun {
  unique: string
  report: unknown
}

/** A client of one generation that talks to one server. */
export interface Client {
  /** Runs a program of `programs/`; throws with its output when it fails or takes minutes. */
  run(program: string): Promise<ProgramRun>
  stop(): Promise<void>
}

/** Starts a client in a home of its own; `env` is added to its environment. */
export async function startClient(
  generation: Generation,
  apiUrl: string,
  env: Record<string, string> = {},
): Promise<Client> {
  const home = mkdtempSync(join(tmpdir(), 'reeve-compat-client-'))
  const child = spawn(await ensureVenv(generation), ['launcher.py'], {
    cwd: PROGRAMS,
    // A group of its own, so that a program that hangs is ended with its launcher.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PREFECT_HOME: home,
      PREFECT_API_URL: apiUrl,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      DO_NOT_TRACK: '1',
      PYTHONWARNINGS: 'ignore',
      COMPAT_CLIENT: generation.version,
      COMPAT_NODE: process.execPath,
      ...env,
    },
  })
  const waiting = new Map<string, (code: number) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { unique, code } = JSON.parse(line)
    waiting.get(unique)?.(code)
  })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  void ended.then(() => waiting.forEach((tell) => tell(-1)))

  const end = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  process.once('exit', end)

  return {
    async run(program) {
      const unique = uniqueText()
      const output = join(home, unique)
      const told = new Promise<number>((resolve) => waiting.set(unique, resolve))
      child.stdin.write(`${JSON.stringify({ program: `${program}.py`, unique, output })}\n`)
      const code = await Promise.race([told, delay(ENDED_WITHIN_MS, undefined, { ref: false })])
      const [out, err] = ['out', 'err'].map((name) => read(`${output}.${name}`))
      if (code !== 0) {
        throw new Error(
          `${program}.py ended with ${code ?? 'a timeout'}:\n${`${complaint}${err}${out}`.slice(-4000)}`,
        )
      }
      return { unique, report: JSON.parse(out?.trim().split('\n').at(-1) ?? '') }
    },
    async stop() {
      end()
      await ended
      process.off('exit', end)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

// Letters alone: what makes recordings comparable takes digits for ids and numbers.
function uniqueText(): string {
  return Array.from(randomBytes(10), (byte) => String.fromCharCode(97 + (byte % 26))).join('')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
