import { availableParallelism } from 'node:os'
import { DatabaseError, fromSqlite } from './errors.ts'
import type { RawRows } from './answer-reads.ts'
import { Reader } from './reader.ts'
import type { Session, Statement } from './session.ts'
import { ThreadSession } from './thread-session.ts'

const READERS = Math.min(4, Math.max(2, availableParallelism() - 1))
const MOST_WAITING = 2000
/** A statement that does not look at the clock has this much longer before its thread is given up. */
const GRACE_MS = 250
/** Threads given up that still run: if there could be more, dear questions would take the whole machine. */
const MOST_GIVEN_UP = 4

interface Waiting {
  resolve: (reader: Reader) => void
  reject: (error: unknown) => void
}

/**
 * Threads that read a SQLite file, started when they are needed: `node:sqlite` runs a statement to its end,
 * and nothing else happens in its thread meanwhile. Each piece of work has a thread to itself.
 */
export class SqliteReaders {
  readonly #path: string
  readonly #seconds: number
  readonly #serving = new Set<Reader>()
  readonly #givenUp = new Set<Reader>()
  #idle: Reader[] = []
  #waiting: Waiting[] = []
  #closed = false

  constructor(path: string, seconds: number) {
    this.#path = path
    this.#seconds = seconds
  }

  /** Runs `work` in a thread; rejects with `timeout` when its statements take too long, all in all. */
  async run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const reader = await this.#take()
    const until = performance.now() + this.#seconds * 1000
    try {
      return await work(new ThreadSession((statement) => this.#ask(reader, statement, until)))
    } finally {
      this.#giveBack(reader)
    }
  }

  /** Waits for none of the threads that were given up. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { reject } of this.#waiting.splice(0)) reject(closed())
    await Promise.all([...this.#serving].map((reader) => reader.stop()))
  }

  /** `until`: when the time of all the work is up. */
  async #ask(reader: Reader, { sql, parameters }: Statement, until: number): Promise<RawRows> {
    const milliseconds = until - performance.now()
    if (milliseconds <= 0 || !this.#serving.has(reader)) throw this.#tooLong()
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      this.#giveUp(reader)
      reject(this.#tooLong())
    }, milliseconds + GRACE_MS)
    const reply = await Promise.race([reader.ask({ sql, parameters, milliseconds }), late]).finally(() =>
      clearTimeout(timer),
    )
    if (!('error' in reply)) return reply
    const { message, errcode, late: tooLate } = reply.error
    throw tooLate ? this.#tooLong() : fromSqlite(Object.assign(new Error(message), { errcode }))
  }

  /** Waits for a thread as long as its work may take then. */
  #take(): Promise<Reader> {
    if (this.#closed) return Promise.reject(closed())
    const reader = this.#idle.pop() ?? this.#start()
    if (reader) return reader.ready
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(busy())
    const { promise, resolve, reject } = Promise.withResolvers<Reader>()
    const waiting = { resolve, reject }
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting)
      reject(busy())
    }, this.#seconds * 1000)
    this.#waiting.push(waiting)
    return promise.then(({ ready }) => ready).finally(() => clearTimeout(timer))
  }

  #start(): Reader | undefined {
    if (this.#serving.size >= READERS || this.#givenUp.size >= MOST_GIVEN_UP) return undefined
    const reader = new Reader(this.#path, (gone) => this.#forget(gone))
    this.#serving.add(reader)
    return reader
  }

  #giveBack(reader: Reader): void {
    if (!this.#serving.has(reader)) return
    const next = this.#waiting.shift()
    if (next) next.resolve(reader)
    else this.#idle.push(reader)
  }

  /** The thread ends when its statement does; another one serves in its place. */
  #giveUp(reader: Reader): void {
    this.#serving.delete(reader)
    this.#givenUp.add(reader)
    void reader.stop()
    this.#serveNext()
  }

  #forget(reader: Reader): void {
    this.#serving.delete(reader)
    this.#givenUp.delete(reader)
    this.#idle = this.#idle.filter((one) => one !== reader)
    this.#serveNext()
  }

  #serveNext(): void {
    if (this.#closed || this.#waiting.length === 0) return
    const reader = this.#start()
    if (reader) this.#waiting.shift()?.resolve(reader)
  }

  #tooLong(): DatabaseError {
    return new DatabaseError('timeout', `The query took longer than ${this.#seconds} seconds.`)
  }
}

function closed(): DatabaseError {
  return new DatabaseError('unavailable', 'The database is closed')
}

function busy(): DatabaseError {
  return new DatabaseError('overloaded', 'Too many reads are waiting')
}
