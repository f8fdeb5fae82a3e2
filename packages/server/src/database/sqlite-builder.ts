import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { KyselyPlugin } from 'kysely'
import { codecPlugin } from './codec-plugin.ts'
import type { Tables } from './tables.ts'

/** Builds SQLite's queries, which somebody else executes. */
export function sqliteBuilder(...plugins: KyselyPlugin[]): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    plugins: [codecPlugin('sqlite'), ...plugins],
  })
}
