import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Generation } from './generation.ts'

const ROOT = join(import.meta.dirname, '.venvs')

/**
 * The python of a generation's virtual environment, which is made on first use in `compat/.venvs/<version>`.
 * A file written last says that the environment is whole and which requirements it holds; without it, or with other
 * requirements, the folder is half-made or stale and is made again. Throws with pip's own words when pip fails.
 */
export async function ensureVenv(generation: Generation): Promise<string> {
  const folder = join(ROOT, generation.version)
  const python = join(folder, 'bin', 'python')
  const marker = join(folder, 'complete')
  const wanted = generation.requirements.join('\n')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted && existsSync(python)) {
    return python
  }
  const started = Date.now()
  console.log(
    `making the environment of client ${generation.version} (${generation.requirements.join(', ')})`,
  )
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(ROOT, { recursive: true })
  await run('python3', ['-m', 'venv', folder])
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...generation.requirements,
  ])
  writeFileSync(marker, wanted)
  console.log(`client ${generation.version} is ready after ${Math.round((Date.now() - started) / 1000)} s`)
  return python
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`cannot start ${command}`, { cause })))
    child.on('close', resolve)
  })
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${complaint.trim()}`)
  }
}
