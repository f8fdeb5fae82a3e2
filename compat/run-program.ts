import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Generation } from './generation.ts'
import { ensureVenv } from './venv.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')
const ENDED_WITHIN_MS = 180_000

/** What a program printed last, and the text that stands in every name it made on the server. */
export interface ProgramRun {
  unique: string
  report: unknown
}

/** Runs a program with the client of a generation in a home of its own. Throws with its output when it fails. */
export async function runProgram(
  generation: Generation,
  program: string,
  apiUrl: string,
  env: Record<string, string> = {},
): Promise<ProgramRun> {
  const python = await ensureVenv(generation)
  const home = mkdtempSync(join(tmpdir(), 'reeve-compat-home-'))
  // Letters alone: digits would be taken for a number by what makes recordings comparable.
  const unique = Array.from(randomBytes(10), (byte) => String.fromCharCode(97 + (byte % 26))).join('')
  try {
    const stdout = await output(python, [`${program}.py`], {
      ...process.env,
      PREFECT_HOME: home,
      PREFECT_API_URL: apiUrl,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_LOCAL_STORAGE_PATH: join(home, 'storage'),
      DO_NOT_TRACK: '1',
      PYTHONWARNINGS: 'ignore',
      COMPAT_CLIENT: generation.version,
      COMPAT_UNIQUE: unique,
      ...env,
    })
    return { unique, report: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function output(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(command, args, { cwd: PROGRAMS, env, timeout: ENDED_WITHIN_MS })
  let [stdout, everything] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    everything += chunk
  })
  child.stderr.on('data', (chunk) => (everything += chunk))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (...end) => resolve(end))
  })
  if (code !== 0) {
    throw new Error(`${args.join(' ')} ended with ${signal ?? code}:\n${everything.slice(-4000)}`)
  }
  return stdout
}
