/**
 * Runs the examples, each with a server and a folder of its own, and checks what they print:
 * `npm run examples`, or `npm run examples -- saga pipeline` for some. The one in Python runs only when named;
 * PYTHON names the interpreter, otherwise that of the compatibility suite is used.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generations } from '../compat/generation.ts'
import { ensureVenv } from '../compat/venv.ts'
import { type Example, EXAMPLES } from './expected.ts'

const SECONDS = 120
/** Settings of the caller's shell must not send the examples to a server of theirs. */
const FOREIGN = /^(REEVE|PREFECT)_/

interface Outcome {
  lines: string[]
  errors: string
  code: number | null
  seconds: number
}

async function run(file: string, { flags = [], python = false }: Example): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'reeve-example-'))
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)))
  if (python) env['PYTHON'] ??= await prefectPython()
  const started = performance.now()
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file)], {
    env: { ...env, REEVE_HOME: home, PREFECT_HOME: home, REEVE_LOGGING_LEVEL: 'WARN' },
    timeout: SECONDS * 1000,
    killSignal: 'SIGKILL',
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  await rm(home, { recursive: true, force: true })
  return { lines: output.split('\n'), errors, code, seconds: (performance.now() - started) / 1000 }
}

async function prefectPython(): Promise<string> {
  const newest = generations.at(-1)
  if (!newest) throw new Error('No generation of Prefect is known')
  return ensureVenv(newest)
}

/** What is wrong with the outcome; undefined when nothing is. */
function complaint({ prints }: Example, { lines, code }: Outcome): string | undefined {
  let from = 0
  for (const wanted of prints) {
    const found = lines.findIndex(
      (line, i) => i >= from && (typeof wanted === 'string' ? line === wanted : wanted.test(line)),
    )
    if (found === -1) return `does not print ${wanted} (after line ${from})`
    from = found + 1
  }
  return code === 0 ? undefined : `ends with ${code}`
}

const named = process.argv.slice(2)
const isWanted = ([file, { python }]: [string, Example]) =>
  named.length === 0 ? !python : named.some((name) => file.split(/[./]/).includes(name))
const wanted = Object.entries(EXAMPLES).filter(isWanted)
if (wanted.length === 0) throw new Error(`No example is named ${named.join(', ')}`)

let failed = 0
for (const [file, example] of wanted) {
  const outcome = await run(file, example)
  const problem = complaint(example, outcome)
  console.log(`${problem ? 'FAILED' : 'ok    '} ${file} (${outcome.seconds.toFixed(1)} s)`)
  if (!problem) continue
  failed++
  console.log(`${file} ${problem}. It printed:\n${outcome.lines.join('\n')}\n${outcome.errors}`)
}
console.log(failed === 0 ? `${wanted.length} examples do what they show` : `${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
