import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runDeployment } from '../src/deployments/run-deployment.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const script = fileURLToPath(new URL('helpers/serving-flow.ts', import.meta.url))
const SOON = { timeoutSeconds: 30 }

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-served-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A process which serves the flow. */
async function start(folder: string, apiUrl: string, args: string[]) {
  const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder, REEVE_LOGGING_LEVEL: 'ERROR' }
  const child = spawn(process.execPath, [script, join(folder, 'notes'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

const lines = async (folder: string) => (await readFile(join(folder, 'notes'), 'utf8')).trim().split('\n')

test('a run whose process was killed goes on, where it was, when that is started again', async () => {
  const folder = await makeFolder()
  await withServer(async ({ apiUrl, client }) => {
    const name = `served-${crypto.randomUUID()}`
    const killed = await start(folder, apiUrl, [name, 'dies'])
    const died = once(killed, 'exit')
    const run = await runDeployment(`${name}/main`)
    expect(await died).toEqual([null, 'SIGKILL'])
    expect(await client.readFlowRun({ params: { id: run.id } })).toMatchObject({ state_type: 'RUNNING' })
    await start(folder, apiUrl, [name])
    expect(await run.result(SOON)).toBe('first second')
    expect(await lines(folder)).toEqual(['first', 'second', 'second'])
  })
})

test('told to stop, the process finishes what it has and ends by the same signal', async () => {
  const folder = await makeFolder()
  await withServer(async ({ apiUrl }) => {
    const name = `served-${crypto.randomUUID()}`
    const child = await start(folder, apiUrl, [name, 'slow'])
    const ended = once(child, 'exit')
    const run = await runDeployment(`${name}/main`)
    while (!existsSync(join(folder, 'notes'))) await after(10)
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    expect(await run.result(SOON)).toBe('first second')
  })
})
