import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../../packages/server/src/database/open.ts'
import { startPostgresServer } from '../../packages/server/tests/helpers/postgres-server.ts'
import { startServerProcess } from '../../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../../packages/server/tests/helpers/server-process.ts'
import type { BenchOptions } from '../report.ts'
import { reference as referenceLaunch } from '../servers/launches.ts'
import { fill } from './fill.ts'
import { fillReferenceFile } from './reference-file.ts'

/** A filled database of ours and an empty one beside it. */
export interface Store {
  name: string
  /** Where: path or URL. */
  big: string
  empty: string
}

interface Prepared {
  stores: Store[]
  reference: { name: string; launch: Launch } | undefined
  /** The time, in microseconds, up to which the databases were filled. */
  now: number
  stop(): Promise<void>
}

/** Fills the databases; what is kept in the folder `data` of an earlier run is taken as it is. */
export async function prepareStores(
  { taskRuns, postgres, reference, data }: BenchOptions,
  folder: string,
): Promise<Prepared> {
  const kept = data ?? folder
  mkdirSync(kept, { recursive: true })
  const now = Number(await once(join(kept, `${taskRuns}.time`), async () => `${Date.now() * 1000}`))
  const file = join(kept, `${taskRuns}.db`)
  await once(`${file}.filled`, () => fillOurs(file, { taskRuns, now }))
  const stores = [{ name: 'SQLite', big: copied(file, folder), empty: join(folder, 'empty.db') }]
  const server = postgres ? await startPostgresServer() : undefined
  try {
    if (server) {
      await fillOurs(server.url, { taskRuns, now })
      stores.push({ name: 'PostgreSQL', big: server.url, empty: await emptyDatabase(server.url) })
    }
    const home = join(kept, `${taskRuns}.reference`)
    const launch = reference ? referenceLaunch(reference, home) : undefined
    if (launch) await once(`${home}.filled`, () => fillReference(launch, file, home))
    return {
      stores,
      reference: launch && { name: `reference ${reference} SQLite`, launch },
      now,
      stop: async () => server?.stop(),
    }
  } catch (error) {
    await server?.stop()
    throw error
  }
}

/** What is kept stays as it was filled: the measured server writes into the copy. */
function copied(file: string, folder: string): string {
  const copy = join(folder, 'big.db')
  copyFileSync(file, copy)
  return copy
}

/** What the file says; `work` is done, and what it tells is written, when there is none. */
async function once(file: string, work: () => Promise<string>): Promise<string> {
  if (!existsSync(file)) writeFileSync(file, await work())
  return readFileSync(file, 'utf8')
}

async function fillOurs(location: string, rows: { taskRuns: number; now: number }): Promise<string> {
  const started = performance.now()
  const database = await openDatabase(location)
  await fill(database, rows)
  await database.close()
  if (location.startsWith('postgres')) await query(location, 'vacuum analyze')
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`Filled ${location} with ${rows.taskRuns} task runs in ${seconds} s`)
  return `${seconds} s`
}

async function fillReference(launch: Launch, file: string, home: string): Promise<string> {
  const started = performance.now()
  await (await startServerProcess(launch)).stop()
  fillReferenceFile(file, join(home, 'prefect.db'))
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`Filled the reference with the same rows in ${seconds} s`)
  return `${seconds} s`
}

async function emptyDatabase(url: string): Promise<string> {
  await query(url, 'create database empty')
  return Object.assign(new URL(url), { pathname: '/empty' }).href
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
