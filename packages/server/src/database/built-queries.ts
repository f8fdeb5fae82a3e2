import type { Compilable } from 'kysely'
import type { Outcome, Statement } from './session.ts'

/** The part of a session that compiles queries and executes them as statements. */
export abstract class BuiltQueries {
  abstract execute<R>(statement: Statement): Promise<Outcome<R>>

  async all<R>(query: Compilable<R>): Promise<R[]> {
    return (await this.execute<R>(query.compile())).rows
  }

  async first<R>(query: Compilable<R>): Promise<R | undefined> {
    return (await this.execute<R>(query.compile())).rows[0]
  }

  async run(query: Compilable<unknown>): Promise<number> {
    return (await this.execute(query.compile())).changes
  }
}
