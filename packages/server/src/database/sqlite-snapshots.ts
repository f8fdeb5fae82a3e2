import type { Session } from './session.ts'
import { SqliteConnection } from './sqlite-connection.ts'

/** A handle on a SQLite file, opened when it is needed, for reads in a transaction of their own: one at a time. */
export class SqliteSnapshots {
  readonly #path: string
  #connection: SqliteConnection | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#run(work))
    this.#last = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    await this.#last
    this.#connection?.close()
  }

  async #run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const connection = (this.#connection ??= new SqliteConnection(this.#path, { readOnly: true }))
    connection.exec('begin')
    try {
      return await work(connection)
    } finally {
      connection.exec('rollback')
    }
  }
}
