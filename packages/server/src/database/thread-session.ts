import { BuiltQueries } from './built-queries.ts'
import { compileRowReader } from './compiled-rows.ts'
import type { RowReader } from './compiled-rows.ts'
import { inTimePlugin } from './in-time-plugin.ts'
import type { RawRows } from './answer-reads.ts'
import type { Outcome, Session, Statement } from './session.ts'
import { sqliteBuilder } from './sqlite-builder.ts'

const build = sqliteBuilder(inTimePlugin())

const ROW_READERS = 500
const rowReaders = new Map<string, RowReader>()

/** Compiled once for each list of columns, of which there are few. */
function rowReader(columns: readonly string[]): RowReader {
  const key = columns.join(' ')
  let reader = rowReaders.get(key)
  if (!reader) {
    if (rowReaders.size >= ROW_READERS) rowReaders.clear()
    rowReaders.set(key, (reader = compileRowReader('sqlite', columns)))
  }
  return reader
}

/** A session that only reads, with statements that another thread executes. */
export class ThreadSession extends BuiltQueries implements Session {
  readonly dialect = 'sqlite'
  readonly build = build
  readonly #ask: (statement: Statement) => Promise<RawRows>

  constructor(ask: (statement: Statement) => Promise<RawRows>) {
    super()
    this.#ask = ask
  }

  async execute<R>(statement: Statement): Promise<Outcome<R>> {
    const { columns, rows } = await this.#ask(statement)
    return { rows: rows.map(rowReader(columns)) as R[], changes: rows.length }
  }

  executeEach(): Promise<number[]> {
    throw new Error('A scan does not write')
  }

  later(): void {
    throw new Error('A scan does not write')
  }

  onCommit(): void {
    throw new Error('A scan has no commit')
  }
}
