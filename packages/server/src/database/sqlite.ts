import { SCAN_SECONDS } from './database.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { DatabaseError } from './errors.ts'
import { acquireFileLock } from './file-lock.ts'
import type { FileLock } from './file-lock.ts'
import { openLogFile } from './log-file.ts'
import type { LogFile } from './log-file.ts'
import { migrateSqlite } from './migrate.ts'
import type { Session } from './session.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { SqliteReaders } from './sqlite-readers.ts'
import { SqliteSnapshots } from './sqlite-snapshots.ts'

interface Job {
  work: (session: Session) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

interface Outcome {
  job: Job
  /** Tells the caller; only when the commit is on the disk. */
  tell: () => void
  /** Whether it failed, and left nothing. */
  isUndone: boolean
}

const MAX_QUEUED = 20_000
/** 64 MB of log: pages that are written again and again are copied to the database seldom, which takes a while. */
const CHECKPOINT_PAGES = 16_000
/** A commit of a single job that took no longer is small: if the disk is quick, nothing else is worth doing meanwhile. */
const SMALL_MILLISECONDS = 1
/** A commit takes no more jobs once the batch has run this long, so that other work gets its turn. */
const BATCH_MILLISECONDS = 8

/**
 * Opens (and makes, and migrates) a SQLite file; `:memory:` is private to this database.
 * Rejects when another live process owns the file or its schema is newer than this program.
 */
export async function openSqlite(
  path: string,
  { scanSeconds = SCAN_SECONDS }: DatabaseOptions = {},
): Promise<SqliteDatabase> {
  const memory = path === ':memory:'
  const lock = memory ? undefined : acquireFileLock(path)
  try {
    const writer = new SqliteConnection(path)
    writer.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -65536',
    )
    await migrateSqlite(writer)
    if (memory) return new SqliteDatabase(writer, writer)
    const reader = new SqliteConnection(path, { readOnly: true })
    reader.exec('pragma cache_size = -65536')
    const log = await openLogFile(path)
    // From here on a commit does not wait for the disk: whoever is told of it does, without blocking the rest.
    writer.exec(`pragma synchronous = normal; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    const readers = new SqliteReaders(path, scanSeconds)
    return new SqliteDatabase(writer, reader, { lock, log, readers, snapshots: new SqliteSnapshots(path) })
  } catch (error) {
    lock?.release()
    throw error
  }
}

interface Files {
  lock: FileLock | undefined
  log: LogFile
  /** For scans; without them they are reads. */
  readers?: SqliteReaders
  snapshots?: SqliteSnapshots
}

/**
 * Writers share commits, and a commit is told of when its log is on the disk: it is as durable as with
 * `synchronous = full`, but the event loop goes on meanwhile and runs the next batch.
 */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly exclusive = true
  readonly writesAtOnce: 1 | 2
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  /** Undefined in memory. */
  readonly #files: Files | undefined
  #queue: Job[] = []
  #flushing: Promise<void> | undefined
  /** Of commits which are not on the disk yet. */
  #unsynced: Outcome[] = []
  /** Runs while there are such commits. */
  #syncing: Promise<void> | undefined
  #closed = false
  #failure: DatabaseError | undefined

  constructor(writer: SqliteConnection, reader: SqliteConnection, files?: Files) {
    this.#writer = writer
    this.#reader = reader
    this.#files = files
    this.writesAtOnce = files ? 2 : 1
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const refusal = this.#refusal()
    if (refusal) throw refusal
    if (this.#reader === this.#writer) return this.write(work)
    return this.#durable(await work(this.#reader))
  }

  async snapshot<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const snapshots = this.#files?.snapshots
    if (!snapshots) return this.read(work)
    const refusal = this.#refusal()
    if (refusal) throw refusal
    return this.#durable(await snapshots.run(work))
  }

  async scan<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const readers = this.#files?.readers
    if (!readers) return this.read(work)
    const refusal = this.#refusal()
    if (refusal) throw refusal
    return this.#durable(await readers.run(work))
  }

  /** What was read may be of a commit that a power cut could still undo. */
  async #durable<T>(value: T): Promise<T> {
    if (this.#syncing) await this.#syncing
    if (this.#failure) throw this.#failure
    return value
  }

  writeAssuming<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.write(work)
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const refusal = this.#refusal()
    if (refusal) return Promise.reject(refusal)
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as Job['resolve'], reject })
      this.#flushing ??= this.#flush()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#flushing
    await this.#syncing
    await this.#files?.readers?.close()
    await this.#files?.snapshots?.close()
    if (this.#reader !== this.#writer) this.#reader.close()
    await this.#files?.log.close()
    this.#writer.close()
    this.#files?.lock?.release()
  }

  #refusal(): DatabaseError | undefined {
    if (this.#failure) return this.#failure
    if (this.#closed) return new DatabaseError('unavailable', 'The database is closed')
    if (this.#queue.length < MAX_QUEUED) return undefined
    return new DatabaseError('overloaded', 'Too many writes are waiting')
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#failure) break
      await this.#commitBatch()
    }
    for (const job of this.#queue.splice(0)) job.reject(this.#failure)
    this.#flushing = undefined
  }

  /** Runs what waits in one transaction; those who asked are told when it is on the disk. */
  async #commitBatch(): Promise<void> {
    const writer = this.#writer
    const outcomes: Outcome[] = []
    const jobs: Job[] = []
    const began = performance.now()
    let isEmpty = true
    try {
      writer.exec('begin immediate')
      const until = began + BATCH_MILLISECONDS
      for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
        jobs.push(job)
        const outcome = await this.#runJob(job, isEmpty)
        isEmpty &&= outcome.isUndone
        outcomes.push(outcome)
        if (this.#files && performance.now() > until) break
      }
      writer.exec('commit')
    } catch (error) {
      this.#rollback()
      for (const job of jobs) job.reject(error)
      return
    }
    this.#unsynced.push(...outcomes)
    const isSmall = jobs.length === 1 && performance.now() - began < SMALL_MILLISECONDS
    if (isSmall && !this.#syncing && this.#queue.length === 0 && this.#syncAtOnce()) return
    this.#syncing ??= this.#sync()
  }

  #syncAtOnce(): boolean {
    try {
      if (!this.#files?.log.syncAtOnce()) return false
    } catch (error) {
      this.#fail(error)
      return true
    }
    for (const { tell } of this.#unsynced.splice(0)) tell()
    return true
  }

  /** One sync serves all that was committed before it; what is committed meanwhile waits for the next. */
  async #sync(): Promise<void> {
    while (this.#unsynced.length > 0) {
      const outcomes = this.#unsynced
      this.#unsynced = []
      try {
        await this.#files?.log.sync()
      } catch (error) {
        this.#unsynced.push(...outcomes)
        this.#fail(error)
        break
      }
      for (const { tell } of outcomes) tell()
    }
    this.#syncing = undefined
  }

  /** A log that the disk did not take may be lost in part: nothing can be promised from here on. */
  #fail(error: unknown): void {
    const message = 'The disk failed to store a commit; restart the server to find what it kept.'
    this.#failure = new DatabaseError('unavailable', message, error)
    for (const { job } of this.#unsynced.splice(0)) job.reject(this.#failure)
  }

  /**
   * Runs one job, in a savepoint if the transaction holds anything else: a savepoint costs a copy of each page
   * that is written, and most transactions are a single job.
   */
  async #runJob(job: Job, isFirst: boolean): Promise<Outcome> {
    const writer = this.#writer
    if (!isFirst) await writer.execute({ sql: 'savepoint job', parameters: [] })
    try {
      const value = await job.work(writer)
      await writer.settle()
      if (!isFirst) await writer.execute({ sql: 'release job', parameters: [] })
      const callbacks = writer.takeCallbacks()
      const tell = () => {
        for (const callback of callbacks) callback()
        job.resolve(value)
      }
      return { job, tell, isUndone: false }
    } catch (error) {
      await writer.settle().catch(() => {})
      writer.takeCallbacks()
      try {
        writer.exec(isFirst ? 'rollback; begin immediate' : 'rollback to job; release job')
      } catch {
        // SQLite itself rolled back the whole transaction, as it does when the disk is full.
        throw error
      }
      return { job, tell: () => job.reject(error), isUndone: true }
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
