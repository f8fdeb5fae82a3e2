import { join } from 'node:path'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { Generator } from './load/generate.ts'
import type { Bench, BenchOptions, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { reference } from './servers/launches.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../packages/server/tests/helpers/server-process.ts'

const CLIENTS = 8
const TASK_RUNS_PER_SECOND = 3000
/** The reference stores some hundred events a second. */
const REFERENCE_SHARE = 0.02

/** Events of task runs through websockets, until every task run can be read in its last state. */
export const recorder: Bench = async (options) =>
  inScratchFolder(async (folder) => {
    const postgres = options.postgres ? await startPostgresServer() : undefined
    try {
      const taskRuns = Math.round(options.seconds * TASK_RUNS_PER_SECOND)
      const rows: Row[] = []
      for (const [name, launch, share] of launches(options, folder, postgres?.url)) {
        rows.push(await measureServer(name, launch, Math.round(taskRuns * share)))
      }
      return { name: 'Events of task runs into the recorder', rows }
    } finally {
      await postgres?.stop()
    }
  })

function launches(options: BenchOptions, folder: string, postgresUrl: string | undefined) {
  const list: [string, Launch, number][] = [['Reeve SQLite', reeve(join(folder, 'reeve.db')), 1]]
  if (postgresUrl) list.push(['Reeve PostgreSQL', reeve(postgresUrl), 1])
  const launch = options.reference ? reference(options.reference, join(folder, 'reference')) : undefined
  if (launch) list.push([`reference ${options.reference} SQLite`, launch, REFERENCE_SHARE])
  return list
}

async function measureServer(name: string, launch: Launch, taskRuns: number): Promise<Row> {
  const server = await startServerProcess(launch)
  const generator = new Generator()
  try {
    await generator.events({ origin: server.origin, clients: CLIENTS, taskRuns: Math.ceil(taskRuns / 10) })
    const load = await generator.events({ origin: server.origin, clients: CLIENTS, taskRuns })
    return {
      server: name,
      clients: CLIENTS,
      events: load.events,
      'sent in s': load.sendSeconds,
      'recorded in s': load.recordSeconds,
      'events per s': load.events / load.recordSeconds,
      'task runs lost': taskRuns - load.recorded,
    }
  } finally {
    generator.stop()
    await server.stop()
  }
}
