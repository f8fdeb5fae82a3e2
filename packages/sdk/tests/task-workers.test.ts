import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { serveTasks } from '../src/background/serve-tasks.ts'
import { localStorage } from '../src/results/local-storage.ts'
import { task } from '../src/task.ts'
import { withTestServer } from '../src/testing.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const script = fileURLToPath(new URL('helpers/task-worker.ts', import.meta.url))
const SOON = { timeoutSeconds: 30 }

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-worker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A worker in a process of its own which serves. */
async function startWorker(folder: string, apiUrl: string, key: string, milliseconds = 0) {
  const env = { ...process.env, REEVE_API_URL: apiUrl, REEVE_HOME: folder, REEVE_LOGGING_LEVEL: 'ERROR' }
  const notes = join(folder, 'notes')
  const child = spawn(process.execPath, [script, notes, key, String(milliseconds)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return { child, notes }
}

const lines = async (file: string) => (await readFile(file, 'utf8')).trim().split('\n')

test('of two worker processes, each run is carried out by one; one that is told to stop finishes first', async () => {
  const folder = await makeFolder()
  await withServer(async ({ apiUrl }) => {
    const key = `note-${crypto.randomUUID()}`
    const note = task((word: string) => word, {
      name: key,
      resultStorage: localStorage(join(folder, 'results')),
    })
    const words = Array.from({ length: 60 }, (_, n) => `word ${n}`)
    const { notes, child } = await startWorker(folder, apiUrl, key, 20)
    await startWorker(folder, apiUrl, key, 20)
    const runs = await note.delayMany(words.map((word) => [word]))
    await runs[5]!.result(SOON)
    child.kill('SIGTERM')
    const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    expect(signal).toBe('SIGTERM')
    expect(await Promise.all(runs.map((run) => run.result(SOON)))).toEqual(words)
    expect((await lines(notes)).toSorted()).toEqual(words.toSorted())
  })
})

test('runs that a killed worker had not begun go to another', async () => {
  const folder = await makeFolder()
  await withServer(async ({ apiUrl, client }) => {
    const key = `note-${crypto.randomUUID()}`
    const note = task((word: string) => word, {
      name: key,
      resultStorage: localStorage(join(folder, 'results')),
    })
    const { child } = await startWorker(folder, apiUrl, key, 60_000)
    const runs = await note.delayMany(Array.from({ length: 8 }, (_, n) => [`word ${n}`]))
    const running = () =>
      client.countTaskRuns({
        body: {
          task_runs: { id: { any_: runs.map(({ id }) => id) }, state: { type: { any_: ['RUNNING'] } } },
        },
      })
    await expect.poll(running, { timeout: 20_000 }).toBe(4)
    child.kill('SIGKILL')
    await startWorker(folder, apiUrl, key)
    await expect
      .poll(
        async () => {
          const states = await client.filterTaskRuns({
            body: { task_runs: { id: { any_: runs.map(({ id }) => id) } } },
          })
          return states.filter(({ state_type }) => state_type === 'COMPLETED').length
        },
        { timeout: 20_000 },
      )
      .toBe(4)
  })
})

test('a worker goes on when its server has been started anew', async () => {
  const folder = await makeFolder()
  const { startLocalServer } = await import('@reeve/server/local')
  const database = join(folder, 'reeve.db')
  const first = await startLocalServer({ database })
  const port = Number(new URL(first.url).port)
  await withTestServer(
    async () => {
      const gate = Promise.withResolvers<void>()
      const started = Promise.withResolvers<void>()
      const calls: string[] = []
      const note = task(
        async (word: string) => {
          calls.push(word)
          started.resolve()
          await gate.promise
          return word
        },
        { name: 'note' },
      )
      const end = new AbortController()
      let subscriptions = 0
      const worker = serveTasks([note], { signal: end.signal, onReady: () => void subscriptions++ })
      const before = await note.delay('before')
      await started.promise
      await first.close()
      const second = await startLocalServer({ database, port })
      try {
        gate.resolve()
        const after = await note.delay('after')
        expect(await Promise.all([before.result(SOON), after.result(SOON)])).toEqual(['before', 'after'])
        expect(calls.toSorted()).toEqual(['after', 'before'])
        expect(subscriptions).toBe(2)
      } finally {
        end.abort()
        await worker
        await second.close()
      }
    },
    { apiUrl: `${first.url}/api` },
  )
})
