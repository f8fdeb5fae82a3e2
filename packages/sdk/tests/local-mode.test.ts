import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const script = fileURLToPath(new URL('helpers/local-flow.ts', import.meta.url))

interface Program {
  child: ChildProcessWithoutNullStreams
  /** The next line that it writes. */
  line(): Promise<string>
  exit: Promise<unknown[]>
}

function start(home: string): Program {
  const { REEVE_API_URL: _, PREFECT_API_URL: __, ...env } = process.env
  const child = spawn(process.execPath, [script], { env: { ...env, REEVE_HOME: home } })
  const exit = once(child, 'close')
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = async () => {
    const ended = exit.then(() => [`ended without a word: ${errors}`])
    const [data] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown]
    return String(data).trim()
  }
  return { child, exit, line: said }
}

test('two programs of one project share the embedded server, and one goes on when the other ends', async () => {
  const home = await mkdtemp(join(tmpdir(), 'reeve-local-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const owner = start(home)
  expect(await owner.line()).toMatch(/^[0-9a-f-]{36}$/)
  const other = start(home)
  expect(await other.line()).toMatch(/^[0-9a-f-]{36}$/)

  const ending = owner.line()
  owner.child.stdin.write('go on\n')
  expect(await ending).toBe('first second')
  expect((await owner.exit)[0]).toBe(0)

  const last = other.line()
  other.child.stdin.write('go on\n')
  expect(await last).toBe('first second')
  expect((await other.exit)[0]).toBe(0)
}, 60_000)
