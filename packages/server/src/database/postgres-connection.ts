import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Compilable } from 'kysely'
import pg from 'pg'
import { CodecPlugin } from './codec-plugin.ts'
import { decoder } from './codecs.ts'
import type { Decoder } from './codecs.ts'
import { fromPostgres } from './errors.ts'
import type { Outcome, Session, Statement } from './session.ts'
import { decodeRow } from './sqlite-connection.ts'
import type { Tables } from './tables.ts'

const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  plugins: [new CodecPlugin('postgres')],
})

const NUMBERS = new Set([20, 21, 23, 700, 701, 1700])
const asNumber = (text: string) => Number(text)
const asBoolean = (text: string) => text === 't'
const asText = (text: string) => text

/** bigint and numeric as numbers; everything else but booleans as text, which the codecs read. */
export const typeParsers = {
  getTypeParser: (oid: number) => (NUMBERS.has(oid) ? asNumber : oid === 16 ? asBoolean : asText),
} as unknown as pg.CustomTypesConfig

const names = new Map<string, string>()
const decoders = new Map<string, Decoder | undefined>()

function nameOf(sql: string): string {
  let name = names.get(sql)
  if (!name) names.set(sql, (name = `reeve_${names.size + 1}`))
  return name
}

/** One connection of the pool. */
export class PostgresConnection implements Session {
  readonly dialect = 'postgres'
  readonly build = build
  readonly #client: pg.ClientBase
  readonly #callbacks: (() => void)[] = []

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  async all<R>(query: Compilable<R>): Promise<R[]> {
    return (await this.execute<R>(query.compile())).rows
  }

  async first<R>(query: Compilable<R>): Promise<R | undefined> {
    return (await this.execute<R>(query.compile())).rows[0]
  }

  async run(query: Compilable<unknown>): Promise<number> {
    return (await this.execute(query.compile())).changes
  }

  async execute<R>({ sql, parameters, named }: Statement): Promise<Outcome<R>> {
    try {
      const result = await this.#client.query({
        text: sql,
        values: parameters as unknown[],
        rowMode: 'array',
        ...(named ? { name: nameOf(sql) } : {}),
      })
      const columns = result.fields.map((field) => field.name)
      const decode = columns.map(decoderOf)
      return {
        rows: (result.rows as unknown[][]).map((row) => decodeRow<R>(row, columns, decode)),
        changes: result.rowCount ?? 0,
      }
    } catch (error) {
      throw fromPostgres(error)
    }
  }

  onCommit(callback: () => void): void {
    this.#callbacks.push(callback)
  }

  get callbacks(): readonly (() => void)[] {
    return this.#callbacks
  }
}

function decoderOf(name: string): Decoder | undefined {
  if (!decoders.has(name)) decoders.set(name, decoder('postgres', name))
  return decoders.get(name)
}
