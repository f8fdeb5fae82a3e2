import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const script = fileURLToPath(new URL('helpers/dying-flow.ts', import.meta.url))

interface Life {
  signal: NodeJS.Signals | null
  code: number | null
}

async function live(args: string[], environment: Record<string, string>): Promise<Life> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return { code, signal }
}

test('a flow run whose process was killed goes on, in another process, where it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-crash-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await withServer(async ({ apiUrl, client }) => {
    const notes = join(folder, 'notes')
    const environment = { REEVE_API_URL: apiUrl, REEVE_HOME: folder }
    expect(await live([notes], environment)).toEqual({ code: null, signal: 'SIGKILL' })
    const [, id] = /^run (\S+)/.exec(await readFile(notes, 'utf8'))!
    expect(await client.readFlowRun({ params: { id: id! } })).toMatchObject({ state_type: 'RUNNING' })

    expect(await live([notes, id!], environment)).toEqual({ code: 0, signal: null })
    const lines = (await readFile(notes, 'utf8')).trim().split('\n')
    const again = ['transform', 'load', 'extract done, transform done, load done']
    expect(lines).toEqual([`run ${id}`, 'extract', 'transform', `run ${id}`, ...again])
    expect(await client.readFlowRun({ params: { id: id! } })).toMatchObject({
      state_type: 'COMPLETED',
      run_count: 2,
    })
  })
})

test('a process that is told to stop says so on the server before it ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-stop-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await withServer(async ({ apiUrl, client }) => {
    const waiting = fileURLToPath(new URL('helpers/waiting-flow.ts', import.meta.url))
    const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder }
    const child = spawn(process.execPath, [waiting], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const errors = text(child.stderr)
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    child.kill('SIGTERM')
    const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    expect(signal).toBe('SIGTERM')
    expect(await errors).toContain('SIGTERM: all that runs here is told to stop')
    const run = await client.readFlowRun({ params: { id: output.toString().trim() } })
    expect(run.state).toMatchObject({
      type: 'CRASHED',
      message: 'InterruptedRun: The process received SIGTERM',
    })
    const tasks = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [run.id] } } } })
    expect(tasks.map(({ state_type }) => state_type)).toEqual(['CRASHED'])
  })
})

test.each(['exit', 'uncaught', 'unhandled'])(
  'a process that ends by %s tells which runs it leaves',
  async (how) => {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-exit-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await withServer(async ({ apiUrl }) => {
      const exiting = fileURLToPath(new URL('helpers/exiting-flow.ts', import.meta.url))
      const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder }
      const child = spawn(process.execPath, [exiting, how], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
      expect(errors).toContain(`The process ends in the middle of a flow run (${output.trim()})`)
      expect(errors).toContain('resume(id)')
    })
  },
)

test('a process that is told to stop says so of subflows and of the flows around them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-stop-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await withServer(async ({ apiUrl, client }) => {
    const nested = fileURLToPath(new URL('helpers/nested-flow.ts', import.meta.url))
    const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder }
    const child = spawn(process.execPath, [nested], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    child.kill('SIGTERM')
    await once(child, 'exit')
    for (const id of output.toString().trim().split(' '))
      expect((await client.readFlowRun({ params: { id } })).state).toMatchObject({
        type: 'CRASHED',
        message: expect.stringContaining('SIGTERM'),
      })
  })
})
