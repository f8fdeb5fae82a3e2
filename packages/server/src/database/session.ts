import type { Compilable, Kysely } from 'kysely'
import type { Dialect } from './codecs.ts'
import type { Tables } from './tables.ts'

/** A statement whose SQL text is fixed, so that it is prepared once; parameters are already encoded. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** True when the text comes in few variants, so that PostgreSQL may keep it prepared. */
  readonly named?: boolean
  /** True when it returns nothing that anybody looks at, and may travel together with others. */
  readonly isBlind?: boolean
}

/** Rows as they were last seen, in some of their columns. */
export interface SeenRows {
  table: 'flow' | 'flow_run'
  columns: readonly string[]
  rows: readonly { id: string }[]
  /** They stay so until the transaction ends. */
  lock?: boolean
}

export interface Outcome<R> {
  rows: R[]
  /** Rows inserted, updated or deleted. */
  changes: number
}

/** One connection to the database during a read or inside one write. */
export interface Session {
  readonly dialect: Dialect
  /** Builds queries; never executes them. */
  readonly build: Kysely<Tables>
  all<R>(query: Compilable<R>): Promise<R[]>
  first<R>(query: Compilable<R>): Promise<R | undefined>
  /** Executes and tells how many rows it changed. */
  run(query: Compilable<unknown>): Promise<number>
  execute<R>(statement: Statement): Promise<Outcome<R>>
  /** Executes one text, which returns no rows, with each of the parameters; how many rows each changed. */
  executeEach(sql: string, parameters: readonly (readonly unknown[])[]): Promise<number[]>
  /** Statements whose outcome nobody waits for: on PostgreSQL the commit leaves with them. One that fails undoes the transaction. */
  later(statements: Promise<unknown>): void
  /** Called after the transaction is durable; never when it is rolled back. */
  onCommit(callback: () => void): void
  /** Where it is there nothing can be read: the transaction fails unless the rows are as they were seen. */
  assume?(seen: SeenRows): void
}
