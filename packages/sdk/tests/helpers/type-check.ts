import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../../..')

/** What the compiler says of modules, by their file names, as if they were part of the repository; '' if nothing. */
export async function typeCheck(modules: ReadonlyMap<string, string>): Promise<string> {
  await mkdir(join(ROOT, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.cache/types-'))
  try {
    for (const [name, code] of modules) await writeFile(join(folder, name), code)
    const config = { extends: '../../tsconfig.json', include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    const { stdout } = await promisify(execFile)(tsc, ['-p', folder, '--pretty', 'false']).catch(
      (error) => error,
    )
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
