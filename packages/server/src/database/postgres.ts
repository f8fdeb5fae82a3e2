import pg from 'pg'
import type { Database } from './database.ts'
import { DatabaseError, fromPostgres } from './errors.ts'
import { migratePostgres } from './migrate.ts'
import { gatherPackets, PostgresConnection, typeParsers } from './postgres-connection.ts'
import type { Session } from './session.ts'

const CONNECTIONS = 10
const MAX_QUEUED = 20_000
const ATTEMPTS = 4
/** Serialization failure and deadlock: PostgreSQL undid the transaction, which may simply run again. */
const RETRYABLE = new Set(['40001', '40P01'])
/**
 * Plans of prepared statements are made once, perhaps while a table is all but empty, and are then kept until
 * its statistics are gathered: writes, which find their rows by keys, must not be planned as scans.
 */
const BEGIN = 'begin; set local enable_seqscan = off'

/**
 * Connects and migrates. `schema` sets the search path, for several servers in one database.
 * Rejects when the database cannot be reached or its schema is newer than this program.
 */
export async function openPostgres(
  url: string,
  options: { connections?: number } = {},
): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? CONNECTIONS,
    pipeline: true,
    types: typeParsers,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'reeve',
  } as pg.PoolConfig)
  // A connection may break while idle, or in use between two queries: it is then replaced on the next use.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await migratePostgres(pool)
  } catch (error) {
    await pool.end()
    throw fromPostgres(error)
  }
  return new PostgresDatabase(pool)
}

export class PostgresDatabase implements Database {
  readonly dialect = 'postgres'
  readonly exclusive = false
  readonly writesAtOnce = 2
  readonly #pool: pg.Pool
  #closed = false

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    try {
      const value = await work(new PostgresConnection(client))
      client.release()
      return value
    } catch (error) {
      client.release(isBroken(error))
      throw error
    }
  }

  async write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#transaction(work)
      } catch (error) {
        if (attempt >= ATTEMPTS || !RETRYABLE.has(codeOf(error))) throw error
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pool.end()
  }

  async #transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    const session = new PostgresConnection(client)
    gatherPackets(client)
    const begun = client.query(BEGIN)
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

  async #connect(): Promise<pg.PoolClient> {
    if (this.#closed) throw new DatabaseError('unavailable', 'The database is closed')
    if (this.#pool.waitingCount >= MAX_QUEUED)
      throw new DatabaseError('overloaded', 'Too many requests are waiting')
    try {
      return await this.#pool.connect()
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
