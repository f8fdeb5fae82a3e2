import type { Kysely } from 'kysely'
import { BuiltQueries } from './built-queries.ts'
import { columnArrays, unnested } from './column-arrays.ts'
import { DatabaseError } from './errors.ts'
import type { Outcome, SeenRows, Session, Statement } from './session.ts'
import type { Tables } from './tables.ts'

/** The work has to read, which a session that assumes cannot. */
export class MustRead extends Error {
  override readonly name = 'MustRead'
}

/**
 * A session of PostgreSQL for work that goes by what was seen before: it gathers statements, which then travel as
 * one, and fail as one if a row is not as it was seen. To read it throws MustRead.
 */
export class AssumingSession extends BuiltQueries implements Session {
  readonly dialect = 'postgres'
  readonly build: Kysely<Tables>
  readonly callbacks: (() => void)[] = []
  readonly #pending: Promise<unknown>[] = []
  readonly #writes: Statement[] = []
  readonly #seen: Statement[] = []
  readonly #locked = new Set<string>()
  #rows = 0

  constructor(build: Kysely<Tables>) {
    super()
    this.build = build
  }

  execute<R>(statement: Statement): Promise<Outcome<R>> {
    if (!statement.isBlind) return Promise.reject(new MustRead())
    this.#writes.push(statement)
    return Promise.resolve({ rows: [], changes: 0 })
  }

  executeEach(): Promise<number[]> {
    return Promise.reject(new MustRead())
  }

  later(statements: Promise<unknown>): void {
    statements.catch(() => {})
    this.#pending.push(statements)
  }

  onCommit(callback: () => void): void {
    this.callbacks.push(callback)
  }

  assume({ table, columns, rows, lock = false }: SeenRows): void {
    if (rows.length === 0) return
    for (const { id } of lock ? rows : []) {
      // It may have been moved by now, in a statement that has not left.
      if (this.#locked.has(id)) throw new MustRead()
      this.#locked.add(id)
    }
    const names = ['id', ...columns]
    const same = names.map((name) => `t."${name}" is not distinct from r."${name}"`).join(' and ')
    const locked = lock ? ' order by t."id" for no key update of t' : ''
    const found = `select 1 from ${unnested('r', names)} join "${table}" t on t."id" = r."id" where ${same}${locked}`
    const sql = `select count(*) as found from (${found}) found_${table}`
    this.#seen.push({ sql, parameters: columnArrays(names, rows) })
    this.#rows += rows.length
  }

  /** All that was gathered, as one statement; undefined when there is nothing to write or to compare. */
  async gathered(): Promise<Statement | undefined> {
    await Promise.all(this.#pending)
    const isEmpty = this.#writes.length + this.#seen.length === 0
    return isEmpty ? undefined : combined(this.#seen, this.#rows, this.#writes)
  }
}

/** PostgreSQL says `division_by_zero` when a row was not as it was seen. */
function combined(seen: readonly Statement[], rows: number, writes: readonly Statement[]): Statement {
  const parts = [...seen, ...writes]
  const parameters = parts.flatMap((part) => part.parameters)
  const key = parts.map(({ sql }) => sql).join('\n')
  const sql = texts.get(key) ?? combinedText(parts, seen.length, parameters.length)
  texts.set(key, sql)
  return { sql, parameters: seen.length > 0 ? [...parameters, rows] : parameters, named: true }
}

const texts = new Map<string, string>()

function combinedText(parts: readonly Statement[], seen: number, parameters: number): string {
  let offset = 0
  const tables = parts.map(({ sql, parameters: own }, index) => {
    const before = offset
    offset += own.length
    return `p${index} as (${sql.replaceAll(/\$(\d+)/g, (_, n: string) => `$${Number(n) + before}`)})`
  })
  const found = Array.from({ length: seen }, (_, index) => `(select found from p${index})`).join(' + ')
  const result = seen > 0 ? `1 / (case when ${found} = $${parameters + 1}::bigint then 1 else 0 end)` : '1'
  return `with ${tables.join(', ')} select ${result} as done`
}

/** Whether the same work may succeed when it reads first. */
export function isWorthReading(error: unknown): boolean {
  if (error instanceof MustRead) return true
  return error instanceof DatabaseError && (error.code === 'integrity' || error.code === 'range')
}
