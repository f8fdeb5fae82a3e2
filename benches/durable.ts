import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import type { PostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { WorkflowMeasure } from './durable/measure-workflows.ts'
import { installPeers } from './peers/install.ts'
import { median } from './report.ts'
import type { Bench, BenchOptions, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'

const PARALLEL = 32
const CLIENT = join(import.meta.dirname, 'durable/reeve-client.ts')
const DBOS_CLIENT = join(import.meta.dirname, 'peers/dbos-client.ts')

/** Workflows of three steps, each durable before the next begins, beside DBOS on the same PostgreSQL. */
export const durable: Bench = async (options) =>
  inScratchFolder(async (folder) => {
    const postgres = options.postgres ? await startPostgresServer() : undefined
    try {
      const contenders: [string, () => Promise<WorkflowMeasure>][] = [
        ['Reeve, SQLite', () => measureReeve(options, folder, join(folder, `${crypto.randomUUID()}.db`))],
      ]
      if (postgres) {
        const { url } = postgres
        contenders.push(['Reeve, PostgreSQL', () => measureReeve(options, folder, url)])
        if (installPeers('@dbos-inc/dbos-sdk'))
          contenders.push(['DBOS, PostgreSQL', () => measureDbos(options, postgres)])
      }
      const found = contenders.map(([name]) => ({ name, measures: [] as WorkflowMeasure[] }))
      // In turns, so that a machine that is busy for a while is so for all.
      for (let round = 0; round < options.rounds; round++) {
        for (const [index, [, measure]] of contenders.entries()) found[index]?.measures.push(await measure())
      }
      return {
        name: 'Workflows of three durable steps',
        rows: found.map(({ name, measures }) => row(name, measures)),
        notes: [
          `sequence: one after the other; parallel: ${PARALLEL} at a time in one client process. Medians of ${options.rounds} rounds.`,
          'Reeve: client and server are two processes; DBOS works in its client. Console logs are off in both.',
        ],
      }
    } finally {
      await postgres?.stop()
    }
  })

function row(name: string, measures: readonly WorkflowMeasure[]): Row {
  const of = (pick: (measure: WorkflowMeasure) => number) => median(measures.map(pick))
  return {
    contender: name,
    'sequence p50 ms': of(({ p50Ms }) => p50Ms),
    'sequence p99 ms': of(({ p99Ms }) => p99Ms),
    'parallel per s': of(({ perSecond }) => perSecond),
    'most per s': Math.max(...measures.map(({ perSecond }) => perSecond)),
  }
}

async function measureReeve(
  options: BenchOptions,
  folder: string,
  database: string,
): Promise<WorkflowMeasure> {
  const server = await startServerProcess(reeve(database))
  try {
    return await runClient(CLIENT, options, {
      REEVE_API_URL: `${server.origin}/api`,
      REEVE_HOME: folder,
      REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no',
    })
  } finally {
    await server.stop()
  }
}

function measureDbos(options: BenchOptions, { url }: PostgresServer): Promise<WorkflowMeasure> {
  const database = new URL(url)
  database.pathname = '/dbos_bench'
  return runClient(DBOS_CLIENT, options, { DATABASE_URL: database.href })
}

async function runClient(
  client: string,
  { seconds }: BenchOptions,
  env: { [name: string]: string },
): Promise<WorkflowMeasure> {
  const child = spawn(process.execPath, [client, `${seconds}`, `${PARALLEL}`], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  const line = output.split('\n').findLast((each) => each.startsWith('{"p50Ms"'))
  if (code !== 0 || line === undefined)
    throw new Error(`${client} ended with ${code}: ${output.slice(-2000)}`)
  return JSON.parse(line) as WorkflowMeasure
}
