import type { Database } from './database.ts'
import { DatabaseError } from './errors.ts'
import { acquireFileLock } from './file-lock.ts'
import type { FileLock } from './file-lock.ts'
import { migrateSqlite } from './migrate.ts'
import type { Session } from './session.ts'
import { SqliteConnection } from './sqlite-connection.ts'

interface Job {
  work: (session: Session) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

const MAX_QUEUED = 20_000
/** A commit takes no more jobs once the batch has run this long, so that other work gets its turn. */
const BATCH_MILLISECONDS = 8

/**
 * Opens (and makes, and migrates) a SQLite file; `:memory:` is private to this database.
 * Rejects when another live process owns the file or its schema is newer than this program.
 */
export async function openSqlite(path: string): Promise<SqliteDatabase> {
  const memory = path === ':memory:'
  const lock = memory ? undefined : acquireFileLock(path)
  try {
    const writer = new SqliteConnection(path)
    writer.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -65536',
    )
    await migrateSqlite(writer)
    const reader = memory ? writer : new SqliteConnection(path, { readOnly: true })
    if (!memory) reader.exec('pragma cache_size = -65536')
    return new SqliteDatabase(writer, reader, lock)
  } catch (error) {
    lock?.release()
    throw error
  }
}

export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly exclusive = true
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  readonly #lock: FileLock | undefined
  #queue: Job[] = []
  #flushing: Promise<void> | undefined
  #closed = false

  constructor(writer: SqliteConnection, reader: SqliteConnection, lock: FileLock | undefined) {
    this.#writer = writer
    this.#reader = reader
    this.#lock = lock
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closed) throw new DatabaseError('unavailable', 'The database is closed')
    if (this.#reader === this.#writer) return this.write(work)
    return work(this.#reader)
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new DatabaseError('unavailable', 'The database is closed'))
    if (this.#queue.length >= MAX_QUEUED) {
      return Promise.reject(new DatabaseError('overloaded', 'Too many writes are waiting'))
    }
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as Job['resolve'], reject })
      this.#flushing ??= this.#flush()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#flushing
    if (this.#reader !== this.#writer) this.#reader.close()
    this.#writer.close()
    this.#lock?.release()
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      await this.#commitBatch()
    }
    this.#flushing = undefined
  }

  async #commitBatch(): Promise<void> {
    const writer = this.#writer
    const settle: (() => void)[] = []
    const jobs: Job[] = []
    try {
      writer.exec('begin immediate')
      const until = performance.now() + BATCH_MILLISECONDS
      for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
        jobs.push(job)
        settle.push(await this.#runJob(job))
        if (performance.now() > until) break
      }
      writer.exec('commit')
    } catch (error) {
      this.#rollback()
      for (const job of jobs) job.reject(error)
      return
    }
    for (const settled of settle) settled()
  }

  /** Runs one job in its savepoint; what it returns tells the caller, once the batch is durable. */
  async #runJob(job: Job): Promise<() => void> {
    const writer = this.#writer
    await writer.execute({ sql: 'savepoint job', parameters: [] })
    try {
      const value = await job.work(writer)
      await writer.settle()
      await writer.execute({ sql: 'release job', parameters: [] })
      const callbacks = writer.takeCallbacks()
      return () => {
        for (const callback of callbacks) callback()
        job.resolve(value)
      }
    } catch (error) {
      await writer.settle().catch(() => {})
      writer.takeCallbacks()
      writer.exec('rollback to job; release job')
      return () => job.reject(error)
    }
  }

  #rollback(): void {
    this.#writer.takeCallbacks()
    try {
      this.#writer.exec('rollback')
    } catch {
      // SQLite itself rolled back, as it does when the disk is full.
    }
  }
}
