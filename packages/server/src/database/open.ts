import type { Database, DatabaseOptions } from './database.ts'

/** `postgres://…` opens PostgreSQL; anything else is the path of a SQLite file, or `:memory:`. */
export async function openDatabase(location: string, options: DatabaseOptions = {}): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(location)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(location, options)
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(location.replace(/^sqlite:(\/\/)?/, ''), options)
}
