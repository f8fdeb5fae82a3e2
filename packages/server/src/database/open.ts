import type { Database } from './database.ts'

/** `postgres://…` opens PostgreSQL; anything else is the path of a SQLite file, or `:memory:`. */
export async function openDatabase(location: string): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(location)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(location)
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(location.replace(/^sqlite:(\/\/)?/, ''))
}
