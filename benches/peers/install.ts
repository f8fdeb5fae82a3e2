import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = import.meta.dirname

/** Installs what benchmarks run beside, the first time; whether the package is there then. */
export function installPeers(needed: string): boolean {
  if (existsSync(join(FOLDER, 'node_modules', needed))) return true
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' })
  if (status !== 0) console.error(`${needed} could not be installed; it is left out.`)
  return status === 0
}
