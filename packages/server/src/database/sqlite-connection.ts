import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { BuiltQueries } from './built-queries.ts'
import { fromSqlite } from './errors.ts'
import { compileRowReader } from './compiled-rows.ts'
import type { RowReader } from './compiled-rows.ts'
import type { Outcome, Session, Statement } from './session.ts'
import { sqliteBuilder } from './sqlite-builder.ts'

const PREPARED_STATEMENTS = 500

const build = sqliteBuilder()

interface Prepared {
  statement: StatementSync
  /** Undefined when the statement returns no rows. */
  readRow: RowReader | undefined
}

/** One handle on a SQLite file. Executes at once; the promises only fit the interface. */
export class SqliteConnection extends BuiltQueries implements Session {
  readonly dialect = 'sqlite'
  readonly build = build
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()
  #callbacks: (() => void)[] = []
  #pending: Promise<unknown>[] = []

  constructor(path: string, options: { readOnly?: boolean } = {}) {
    super()
    // A migration may edit the text of the schema.
    this.#db = new DatabaseSync(path, {
      readOnly: options.readOnly ?? false,
      timeout: 5000,
      defensive: false,
    })
  }

  async execute<R>({ sql, parameters }: Statement): Promise<Outcome<R>> {
    try {
      const { statement, readRow } = this.#prepare(sql)
      if (!readRow) return { rows: [], changes: Number(statement.run(...(parameters as [])).changes) }
      const rows = statement.all(...(parameters as [])) as unknown as unknown[][]
      return { rows: rows.map(readRow) as R[], changes: rows.length }
    } catch (error) {
      throw fromSqlite(error)
    }
  }

  async executeEach(sql: string, parameters: readonly (readonly unknown[])[]): Promise<number[]> {
    try {
      const { statement } = this.#prepare(sql)
      return parameters.map((values) => Number(statement.run(...(values as [])).changes))
    } catch (error) {
      throw fromSqlite(error)
    }
  }

  later(statements: Promise<unknown>): void {
    statements.catch(() => {})
    this.#pending.push(statements)
  }

  /** Waits for what was put off since the last call. */
  async settle(): Promise<void> {
    const pending = this.#pending
    if (pending.length === 0) return
    this.#pending = []
    await Promise.all(pending)
  }

  onCommit(callback: () => void): void {
    this.#callbacks.push(callback)
  }

  /** The callbacks registered since the last call. */
  takeCallbacks(): (() => void)[] {
    const callbacks = this.#callbacks
    this.#callbacks = []
    return callbacks
  }

  exec(sql: string): void {
    try {
      this.#db.exec(sql)
    } catch (error) {
      throw fromSqlite(error)
    }
  }

  close(): void {
    this.#prepared.clear()
    this.#db.close()
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql)
    if (prepared) return prepared
    if (this.#prepared.size >= PREPARED_STATEMENTS) {
      const [oldest] = this.#prepared.keys()
      this.#prepared.delete(oldest as string)
    }
    const statement = this.#db.prepare(sql)
    const columns = statement.columns().map((column) => column.name)
    if (columns.length > 0) statement.setReturnArrays(true)
    prepared = { statement, readRow: columns.length > 0 ? compileRowReader('sqlite', columns) : undefined }
    this.#prepared.set(sql, prepared)
    return prepared
  }
}
