import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import { installPeers } from './peers/install.ts'
import { median } from './report.ts'
import type { Bench, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'

const RUNS = 20_000
const CONCURRENCY = 1000
const PEER_CONCURRENCY = 24

/** What one process found; printed as one line of JSON. */
interface Found {
  enqueuePerSecond: number
  drainPerSecond: number
  rss: number
}

interface Contender {
  name: string
  history: string
  run: () => Promise<Found>
}

/**
 * No-op background runs, queued and then carried out by one worker process. All take turns in each round. A
 * run of ours goes through Scheduled, Pending, Running and Completed, each governed and kept by the server;
 * the peer deletes a job that is done.
 */
export const drain: Bench = async ({ rounds, postgres: withPostgres }) =>
  inScratchFolder(async (folder) => {
    const postgres = withPostgres ? await startPostgresServer() : undefined
    const contenders = [reeveOn('Reeve SQLite', (round) => join(folder, `${round}.db`))]
    if (postgres) {
      contenders.push(reeveOn('Reeve PostgreSQL', () => postgres.url))
      if (installPeers('graphile-worker')) {
        contenders.push(graphile('graphile-worker', postgres.url, 0))
        contenders.push(graphile('graphile-worker, local queue 500', postgres.url, 500))
      }
    }
    try {
      const found = new Map<string, Found[]>(contenders.map(({ name }) => [name, []]))
      for (let round = 0; round < rounds; round++) {
        for (const { name, run } of contenders) found.get(name)?.push(await run())
      }
      return {
        name: `${RUNS} no-op background runs`,
        rows: contenders.map(({ name, history }) => rowOf(name, history, found.get(name) ?? [])),
        notes: [`medians of ${rounds} rounds; one worker process; durable at every step`],
      }
    } finally {
      await postgres?.stop()
    }
  })

function rowOf(name: string, history: string, found: Found[]): Row {
  const middle = (key: keyof Found) => median(found.map((each) => each[key]))
  return {
    contender: name,
    'states kept': history,
    'queued/s': middle('enqueuePerSecond'),
    'drained/s': middle('drainPerSecond'),
    'worker MB': middle('rss') / 1e6,
  }
}

/** A server that is fresh in each round. */
function reeveOn(name: string, database: (round: number) => string): Contender {
  let round = 0
  const run = async () => {
    const server = await startServerProcess(reeve(database(round++)))
    try {
      return await measure(
        [join(import.meta.dirname, 'drain/reeve-client.ts'), `${RUNS}`, `${CONCURRENCY}`],
        {
          REEVE_API_URL: `${server.origin}/api`,
          REEVE_LOGGING_LEVEL: 'WARNING',
        },
      )
    } finally {
      await server.stop()
    }
  }
  return { name, history: '4', run }
}

function graphile(name: string, url: string, localQueue: number): Contender {
  const script = join(import.meta.dirname, 'peers/graphile-drain.js')
  const run = () => measure([script, url, `${RUNS}`, `${PEER_CONCURRENCY}`, `${localQueue}`], {})
  return { name, history: 'none', run }
}

async function measure(args: string[], environment: Record<string, string>): Promise<Found> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Found
}
