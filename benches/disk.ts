import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { Generator } from './load/generate.ts'
import type { Bench, BenchOptions, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { reference } from './servers/launches.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../packages/server/tests/helpers/server-process.ts'

const CLIENTS = 32
/** The reference breaks its connections under the load of many clients, and needs longer for as many runs. */
const REFERENCE = { clients: 4, timesLonger: 4, taskRuns: 200, eventsPerSecond: 30 }

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
  const list: Store[] = [{ name: 'Reeve SQLite', launch: reeve(file), size: async () => bytesUsed(file) }]
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
    list.push({ name, isReference: true, launch, size: async () => bytesUsed(join(home, 'prefect.db')) })
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
    const gently = store.isReference ? REFERENCE : undefined
    const job = { origin: server.origin, clients: gently?.clients ?? CLIENTS }
    if (way === 'HTTP') {
      const time = seconds * (gently?.timesLonger ?? 1)
      taskRuns = (await generator.taskRuns({ ...job, seconds: time, finishAll: true })).create.done
    } else {
      const load = { ...job, taskRuns: Math.round(seconds * 2000), ...gently }
      taskRuns = (await generator.events(load)).recorded
    }
  } finally {
    generator.stop()
    await server.stop()
  }
  const bytes = (await store.size()) - before
  return { server: store.name, way, 'task runs': taskRuns, bytes, 'bytes per task run': bytes / taskRuns }
}

/** Of the pages in use: what migrations left free is no measure of what a run takes. */
function bytesUsed(file: string): number {
  const db = new DatabaseSync(file)
  const pragma = (name: string) => Number(Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0])
  const bytes = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  db.close()
  return bytes
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
