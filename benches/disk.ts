import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { Generator } from './load/generate.ts'
import type { Bench, BenchOptions, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { reference } from './servers/launches.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../packages/server/tests/helpers/server-process.ts'

const CLIENTS = 32
/** The reference breaks its connections when many clients tell it of many events. */
const REFERENCE_PACE = { clients: 2, taskRuns: 200, eventsPerSecond: 30 }

interface Store {
  name: string
  isReference?: boolean
  launch: Launch
  /** Bytes on disk while no server runs. */
  size(): Promise<number>
}

/** What a finished task run with three states takes on disk, made over HTTP or told of by events. */
export const disk: Bench = async (options) =>
  inScratchFolder(async (folder) => {
    const postgres = options.postgres ? await startPostgresServer() : undefined
    try {
      const rows: Row[] = []
      for (const store of stores(options, folder, postgres?.url)) {
        rows.push(await measureStore(store, 'HTTP', options.seconds))
        rows.push(await measureStore(store, 'events', options.seconds))
      }
      return {
        name: 'Bytes on disk per finished task run',
        rows,
        notes: ['by events: the events themselves, which are kept for a while, are counted in'],
      }
    } finally {
      await postgres?.stop()
    }
  })

function stores(options: BenchOptions, folder: string, postgresUrl: string | undefined): Store[] {
  const file = join(folder, 'reeve.db')
  const list: Store[] = [
    { name: 'Reeve SQLite', launch: reeve(file), size: async () => bytesOf(folder, 'reeve.db') },
  ]
  if (postgresUrl) {
    list.push({
      name: 'Reeve PostgreSQL',
      launch: reeve(postgresUrl),
      size: () => databaseSize(postgresUrl),
    })
  }
  const home = join(folder, 'reference')
  const launch = options.reference ? reference(options.reference, home) : undefined
  if (launch) {
    const name = `reference ${options.reference} SQLite`
    list.push({ name, isReference: true, launch, size: async () => bytesOf(home, 'prefect.db') })
  }
  return list
}

async function measureStore(store: Store, way: 'HTTP' | 'events', seconds: number): Promise<Row> {
  // One start before, so that tables and what a new database is filled with do not count.
  await (await startServerProcess(store.launch)).stop()
  const before = await store.size()
  const server = await startServerProcess(store.launch)
  const generator = new Generator()
  let taskRuns = 0
  try {
    if (way === 'HTTP') {
      const job = { origin: server.origin, clients: CLIENTS, seconds, finishAll: true }
      const load = await generator.taskRuns(job)
      taskRuns = load.create.done
    } else {
      const pace = store.isReference ? REFERENCE_PACE : {}
      const job = { origin: server.origin, clients: CLIENTS, taskRuns: Math.round(seconds * 2000), ...pace }
      taskRuns = (await generator.events(job)).recorded
    }
  } finally {
    generator.stop()
    await server.stop()
  }
  const bytes = (await store.size()) - before
  return { server: store.name, way, 'task runs': taskRuns, bytes, 'bytes per task run': bytes / taskRuns }
}

/** The database file and the log beside it. */
function bytesOf(folder: string, name: string): number {
  const files = readdirSync(folder).filter((file) => file === name || file === `${name}-wal`)
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}

/** After a vacuum, which is what lets the space of old row versions be used again. */
async function databaseSize(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('vacuum')
  const { rows } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size')
  await client.end()
  return Number(rows[0]?.size)
}
