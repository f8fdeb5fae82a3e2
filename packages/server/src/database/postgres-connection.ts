import type { Socket } from 'node:net'
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'
import { codecPlugin } from './codec-plugin.ts'
import { decoder } from './codecs.ts'
import type { Decoder } from './codecs.ts'
import { DatabaseError, fromPostgres } from './errors.ts'
import { BuiltQueries } from './built-queries.ts'
import { compileRowReader } from './compiled-rows.ts'
import type { RowReader } from './compiled-rows.ts'
import type { Outcome, Session, Statement } from './session.ts'
import type { Tables } from './tables.ts'

export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  plugins: [codecPlugin('postgres')],
})

const NUMBERS = new Set([20, 21, 23, 700, 701, 1700])
const asNumber = (text: string) => Number(text)
const asBoolean = (text: string) => text === 't'
const asText = (text: string) => text

/** bigint and numeric as numbers; everything else but booleans as text, which the codecs read. */
export const typeParsers = {
  getTypeParser: (oid: number) => (NUMBERS.has(oid) ? asNumber : oid === 16 ? asBoolean : asText),
} as unknown as pg.CustomTypesConfig

interface Named {
  name: string
  /** Made when the statement has run once, and its columns are known. */
  readRow: RowReader | undefined
}

const namedStatements = new Map<string, Named>()

function namedStatement(sql: string): Named {
  let statement = namedStatements.get(sql)
  if (!statement) {
    statement = { name: `reeve_${namedStatements.size + 1}`, readRow: undefined }
    namedStatements.set(sql, statement)
  }
  return statement
}

/** What is sent within one turn of the event loop leaves in one packet, and wakes PostgreSQL once. */
export function gatherPackets(client: pg.ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** One connection of the pool. */
export class PostgresConnection extends BuiltQueries implements Session {
  readonly dialect = 'postgres'
  readonly build = build
  readonly #client: pg.ClientBase
  readonly #until: number
  readonly #callbacks: (() => void)[] = []
  readonly #pending: Promise<unknown>[] = []

  /** Refuses statements after `until`, a time of `performance.now()`. */
  constructor(client: pg.ClientBase, until = Infinity) {
    super()
    this.#client = client
    this.#until = until
  }

  async execute<R>({ sql, parameters, named }: Statement): Promise<Outcome<R>> {
    if (this.#until < performance.now()) throw new DatabaseError('timeout', 'The queries took too long')
    const statement = named ? namedStatement(sql) : undefined
    gatherPackets(this.#client)
    try {
      const result = await this.#client.query({
        text: sql,
        values: parameters as unknown[],
        rowMode: 'array',
        ...(statement && { name: statement.name }),
      })
      const values = result.rows as unknown[][]
      const columns = result.fields.map((field) => field.name)
      if (statement) statement.readRow ??= compileRowReader('postgres', columns)
      const readRow = statement?.readRow ?? rowReader(columns)
      return { rows: values.map(readRow) as R[], changes: result.rowCount ?? 0 }
    } catch (error) {
      throw fromPostgres(error)
    }
  }

  async executeEach(sql: string, parameters: readonly (readonly unknown[])[]): Promise<number[]> {
    const outcomes = parameters.map((values) => this.execute({ sql, parameters: values, named: true }))
    return (await Promise.all(outcomes)).map(({ changes }) => changes)
  }

  later(statements: Promise<unknown>): void {
    statements.catch(() => {})
    this.#pending.push(statements)
  }

  onCommit(callback: () => void): void {
    this.#callbacks.push(callback)
  }

  /** What was put off. */
  get pending(): readonly Promise<unknown>[] {
    return this.#pending
  }

  get callbacks(): readonly (() => void)[] {
    return this.#callbacks
  }
}

const decoders = new Map<string, Decoder | undefined>()

function decoderOf(name: string): Decoder | undefined {
  if (!decoders.has(name)) decoders.set(name, decoder('postgres', name))
  return decoders.get(name)
}

/** For a statement that may never run again, and is not worth compiling for. */
function rowReader(columns: readonly string[]): RowReader {
  const decode = columns.map(decoderOf)
  return (values) => {
    const row: { [column: string]: unknown } = {}
    for (const [index, name] of columns.entries()) {
      const value = values[index]
      const decodeValue = decode[index]
      row[name] = decodeValue ? decodeValue(value) : value
    }
    return row
  }
}
