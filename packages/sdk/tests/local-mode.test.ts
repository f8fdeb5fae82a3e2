import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
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

test('a program uses the `reeve server` that has the database of its project, at once, and links to it', async () => {
  const home = await mkdtemp(join(tmpdir(), 'reeve-local-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const cli = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
  const args = [cli, 'server', 'start', '--port', '0', '--database', join(home, 'reeve.db')]
  const server = spawn(process.execPath, args, { stdio: 'ignore' })
  onTestFinished(() => void server.kill('SIGKILL'))
  const address = join(home, 'reeve.db.url')
  for (const deadline = Date.now() + 30_000; !existsSync(address) && Date.now() < deadline;) await after(20)
  const url = await readFile(address, 'utf8')

  const program = start(home)
  let said = ''
  program.child.stderr.on('data', (data) => (said += String(data)))
  expect(await program.line()).toMatch(/^[0-9a-f-]{36}$/)
  const ending = program.line()
  program.child.stdin.write('go on\n')
  expect(await ending).toBe('first second')
  const [link = ''] = /http:\S+\/api\/flow_runs\/[0-9a-f-]{36}/.exec(said) ?? []
  expect(link.startsWith(url)).toBe(true)
  expect(await (await fetch(link)).json()).toMatchObject({ state_type: 'COMPLETED' })
  server.kill('SIGTERM')
  await once(server, 'exit')
  expect(existsSync(address)).toBe(false)
}, 60_000)

test('a folder that cannot be written is named, with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-local-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'taken')
  await writeFile(file, '')
  expect(await start(file).line()).toMatch(
    /cannot use .*taken.reeve\.db \(.*\)\. Name a folder .* in REEVE_HOME/s,
  )
})
