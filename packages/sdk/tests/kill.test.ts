import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../src/client/client.ts'
import { allRoutes } from '../src/client/routes.ts'

/** `npm run test:kill` kills 200 times. */
const KILLS = Number(process.env.KILLS ?? 20)
const STEPS = ['reserve', 'charge', 'ship']
const SERVER = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const ORDERS = fileURLToPath(new URL('helpers/killed-orders.ts', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin?.on('error', () => {})
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Waits until the child has written so many characters more. */
async function dots(child: ChildProcess, count: number): Promise<void> {
  const { stdout } = child
  for (let left = count; left > 0;) left -= String((await once(stdout!, 'data'))[0]).length
}

async function healthy(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await after(20)) {
    const answer = await fetch(`${url}/health`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    if (Date.now() > deadline) throw new Error('the server did not become healthy')
  }
}

interface Effect {
  name: string
  token: string
}

const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n').filter(Boolean)

test(
  `a flow of three steps survives ${KILLS} kills of its process or its server, and no completed step is done again`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-kill-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const [journal, effects] = [join(folder, 'journal'), join(folder, 'effects')]
    await Promise.all([writeFile(journal, ''), writeFile(effects, '')])
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/api`
    const database = join(folder, 'reeve.db')
    const startServer = () => start([SERVER, 'server', 'start', '--port', `${port}`, '--database', database])
    const startOrders = () =>
      start([ORDERS, journal, effects], {
        REEVE_API_URL: url,
        REEVE_HOME: folder,
        REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no',
      })
    let server = startServer()
    await healthy(url)
    let orders = startOrders()
    for (let kills = 0; kills < KILLS; kills++) {
      await dots(orders, 1 + Math.floor(Math.random() * 12))
      await after(Math.random() * 10)
      if (kills % 3 === 2) {
        await kill(server)
        server = startServer()
      } else {
        await kill(orders)
        orders = startOrders()
      }
    }
    await healthy(url)
    const exit = once(orders, 'exit')
    orders.stdin!.write('stop\n')
    expect(await exit).toEqual([0, null])

    const done = new Map<string, string[]>()
    const runs = new Map<string, string>()
    for (const line of await linesOf(journal)) {
      const [what, order, rest] = line.split(' ') as [string, string, string]
      if (what === 'began') runs.set(order, rest)
      else done.set(order, rest.split(','))
    }
    const happened = new Map<string, Effect[]>()
    for (const line of await linesOf(effects)) {
      const [order, name, token] = line.split(' ') as [string, string, string]
      happened.set(order, [...(happened.get(order) ?? []), { name, token }])
    }
    expect([...done.keys()].toSorted()).toEqual([...runs.keys()].toSorted())
    for (const [order, tokens] of done) {
      const found = happened.get(order) ?? []
      // Attempts that were cut off come before the one that counts, and nothing of a step after the next began.
      expect(found.map(({ name }) => STEPS.indexOf(name))).toEqual(
        found.map(({ name }) => STEPS.indexOf(name)).toSorted(),
      )
      expect(STEPS.map((name) => found.findLast((effect) => effect.name === name)?.token)).toEqual(tokens)
    }
    await checkServer(url, runs, happened)
    await kill(server)
    console.log(`${KILLS} kills, ${done.size} orders, ${[...happened.values()].flat().length} effects`)
  },
  60_000 + KILLS * 10_000,
)

/** Each step was completed once, and had no more effects than the server allowed it tries. */
async function checkServer(
  url: string,
  runs: ReadonlyMap<string, string>,
  happened: ReadonlyMap<string, Effect[]>,
): Promise<void> {
  const client = createClient(allRoutes, { url })
  for (const [order, id] of runs) {
    expect(await client.readFlowRun({ params: { id } })).toMatchObject({ state_type: 'COMPLETED' })
    const taskRuns = await client.filterTaskRuns({ body: { flow_runs: { id: { any_: [id] } } } })
    expect(taskRuns.map(({ task_key }) => task_key).toSorted()).toEqual(STEPS.toSorted())
    for (const run of taskRuns) {
      const states = await client.readTaskRunStates({ query: { task_run_id: run.id } })
      const types = states.map(({ type }) => type)
      expect(types.filter((type) => type === 'COMPLETED')).toHaveLength(1)
      expect(types.at(-1)).toBe('COMPLETED')
      const tries = types.filter((type) => type === 'RUNNING').length
      const effects = happened.get(order)?.filter(({ name }) => name === run.task_key).length
      expect(effects).toBeLessThanOrEqual(tries)
    }
  }
}
