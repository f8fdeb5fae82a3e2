import pg from 'pg'
import { AssumingSession, isWorthReading } from './assuming-session.ts'
import { SCAN_SECONDS } from './database.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { DatabaseError, fromPostgres } from './errors.ts'
import { migratePostgres } from './migrate.ts'
import { build, gatherPackets, PostgresConnection, typeParsers } from './postgres-connection.ts'
import type { Session } from './session.ts'

const CONNECTIONS = 10
/** Of their own, so that scans never keep the others waiting. */
const SCAN_CONNECTIONS = 4
const MAX_QUEUED = 20_000
const ATTEMPTS = 4
/** Serialization failure and deadlock: PostgreSQL undid the transaction, which may simply run again. */
const RETRYABLE = new Set(['40001', '40P01'])
/**
 * Plans of prepared statements are made once, perhaps while a table is all but empty, and are then kept until
 * its statistics are gathered: what finds its rows by keys must not be planned as scans.
 */
const SETTINGS = { enable_seqscan: 'off', jit: 'off' }

/**
 * Connects and migrates. `schema` sets the search path, for several servers in one database.
 * Rejects when the database cannot be reached or its schema is newer than this program.
 */
export async function openPostgres(
  url: string,
  { connections = CONNECTIONS, scanSeconds = SCAN_SECONDS }: DatabaseOptions & { connections?: number } = {},
): Promise<PostgresDatabase> {
  const pool = openPool(url, connections)
  // What finds rows by keys is planned once: to plan it for each list of keys takes longer than to execute it.
  configure(pool, { ...SETTINGS, plan_cache_mode: 'force_generic_plan' })
  try {
    await migratePostgres(pool)
  } catch (error) {
    await pool.end()
    throw fromPostgres(error)
  }
  const milliseconds = Math.ceil(scanSeconds * 1000)
  // A page comes from an index in its order: the planner believes that a pattern is rare, and would read and
  // sort the whole table. To start workers takes longer than a page may take, as to compile a statement does.
  const scans = openPool(url, SCAN_CONNECTIONS)
  configure(scans, {
    ...SETTINGS,
    statement_timeout: milliseconds,
    max_parallel_workers_per_gather: 0,
  })
  return new PostgresDatabase(pool, scans, milliseconds)
}

function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    pipeline: true,
    types: typeParsers,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'reeve',
  } as pg.PoolConfig)
  // A connection may break while idle, or in use between two queries: it is then replaced on the next use.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Sets parameters of each new connection, before anything else is asked of it. */
function configure(pool: pg.Pool, settings: { [name: string]: string | number }): void {
  const set = Object.entries(settings).map(([name, value]) => `set ${name} = ${value}`)
  pool.on('connect', (client) => {
    client.query(set.join('; ')).catch(() => {})
  })
}

export class PostgresDatabase implements Database {
  readonly dialect = 'postgres'
  readonly exclusive = false
  readonly writesAtOnce = 2
  readonly #pool: pg.Pool
  readonly #scans: pg.Pool
  readonly #scanMilliseconds: number
  #closed = false

  constructor(pool: pg.Pool, scans: pg.Pool, scanMilliseconds: number) {
    this.#pool = pool
    this.#scans = scans
    this.#scanMilliseconds = scanMilliseconds
  }

  read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#read(this.#pool, work, Infinity)
  }

  scan<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#read(this.#scans, work, performance.now() + this.#scanMilliseconds)
  }

  async #read<T>(pool: pg.Pool, work: (session: Session) => Promise<T>, until: number): Promise<T> {
    const client = await this.#connect(pool)
    try {
      const value = await work(new PostgresConnection(client, until))
      client.release()
      return value
    } catch (error) {
      client.release(isBroken(error))
      throw error
    }
  }

  snapshot<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#transaction('begin isolation level repeatable read, read only', work)
  }

  async write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#transaction('begin', work)
      } catch (error) {
        if (attempt >= ATTEMPTS || !RETRYABLE.has(codeOf(error))) throw error
      }
    }
  }

  async writeAssuming<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = new AssumingSession(build)
    try {
      const value = await work(session)
      const statement = await session.gathered()
      // A statement is a transaction of its own, durable when it is answered.
      if (statement) await this.#read(this.#pool, (connection) => connection.execute(statement), Infinity)
      for (const callback of session.callbacks) callback()
      return value
    } catch (error) {
      if (isWorthReading(error) || RETRYABLE.has(codeOf(error))) return this.write(work)
      throw error
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#pool.end(), this.#scans.end()])
  }

  async #transaction<T>(begin: string, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect(this.#pool)
    const session = new PostgresConnection(client)
    gatherPackets(client)
    const begun = client.query(begin)
    begun.catch(() => {})
    let value: T
    try {
      value = await work(session)
      const committed = client.query('commit')
      committed.catch(() => {})
      await Promise.all([begun, ...session.pending])
      const { command } = await committed
      if (command !== 'COMMIT') throw new DatabaseError('unavailable', 'The transaction was rolled back')
    } catch (error) {
      const failure = fromPostgres(error)
      const broken =
        isBroken(failure) ||
        (await client.query('rollback').then(
          () => false,
          () => true,
        ))
      client.release(broken)
      throw failure
    }
    client.release()
    for (const callback of session.callbacks) callback()
    return value
  }

  async #connect(pool: pg.Pool): Promise<pg.PoolClient> {
    if (this.#closed) throw new DatabaseError('unavailable', 'The database is closed')
    if (pool.waitingCount >= MAX_QUEUED)
      throw new DatabaseError('overloaded', 'Too many requests are waiting')
    try {
      return await pool.connect()
    } catch (error) {
      throw fromPostgres(error)
    }
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === 'unavailable'
}

function codeOf(error: unknown): string {
  const cause = error instanceof DatabaseError ? error.cause : error
  return (cause as { code?: string } | undefined)?.code ?? ''
}
