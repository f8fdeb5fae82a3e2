/**
 * Installs the packed package into an empty folder, beside a runtime from the registry, and runs examples there:
 * `node scripts/try-package.ts node@22 hello etl`. Runtimes are node, bun and deno, with any version that the
 * registry has. The package is the one that `node scripts/pack.ts` has made.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXAMPLES } from '../examples/expected.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const [runtime = 'node@22', ...names] = process.argv.slice(2)
const [kind] = runtime.split('@') as ['node' | 'bun' | 'deno']
const tarball = (await readdir(join(root, 'dist'))).findLast((name) => /^reeve-.*\.tgz$/.test(name))
if (!tarball) throw new Error('There is no package to try; make it with `node scripts/pack.ts`')

const folder = await mkdtemp(join(tmpdir(), 'reeve-package-'))
let failed = 0
try {
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const packages = [join(root, 'dist', tarball), runtime]
  const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages]
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' })
  const version = execute(['--version']).stdout.split('\n')[0]
  const size = execFileSync('du', ['-sk', 'node_modules/reeve', 'node_modules/zod'], { cwd: folder })
  console.log(`${runtime}: ${version}; installed, in KB:\n${String(size).trim()}`)
  for (const name of names.length > 0 ? names : ['hello']) await tryExample(`${name}.ts`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

async function tryExample(file: string): Promise<void> {
  const example = EXAMPLES[file]
  if (!example) throw new Error(`There is no example ${file}`)
  await cp(join(root, 'examples', file), join(folder, file))
  const started = performance.now()
  const { stdout, stderr, status } = execute([...runFlags(), file])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const printed = plain(stdout)
  const missing = example.prints.filter((wanted) =>
    typeof wanted === 'string'
      ? !printed.includes(plain(wanted))
      : !new RegExp(wanted.source.replace('^', '')).test(printed),
  )
  if (status === 0 && missing.length === 0) return console.log(`ok     ${file} (${seconds} s)`)
  failed++
  console.log(`FAILED ${file}: ended with ${status}, without ${missing.join(' and ')}\n${stdout}\n${stderr}`)
}

/** Runtimes print the same values with other quotes and line breaks. */
function plain(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/, ([\]}])/g, ' $1')
}

function runFlags(): string[] {
  return kind === 'deno' ? ['run', '-A'] : []
}

function execute(args: string[]) {
  const command = join(folder, 'node_modules/.bin', kind)
  const env = { ...process.env, PATH: `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}` }
  return spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: 120_000 })
}
