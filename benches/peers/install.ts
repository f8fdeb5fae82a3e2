import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Installs what the benchmarks run beside, unless the package is there. Throws when npm fails. */
export async function installPeers(needed: string): Promise<void> {
  const folder = import.meta.dirname
  if (existsSync(join(folder, 'node_modules', needed))) return
  console.log(`Installing ${needed} for the comparison …`)
  const child = spawn('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`npm install in ${folder} failed`)
}
