import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import type { Database } from './database.ts'
import { TABLES } from './tables.ts'

const COLUMNS = {
  sqlite: `select m.name as "table", p.name as "column" from sqlite_master m, pragma_table_info(m.name) p
    where m.type in ('table', 'view') and m.name not like 'sqlite_%' and m.name <> 'reeve_migration'`,
  postgres: `select table_name as "table", column_name as "column" from information_schema.columns
    where table_schema = 'public' and table_name <> 'reeve_migration'`,
}

/** What two views are made of: models know the views. */
const BEHIND_VIEWS = /^task_run_(move|(tally|finished)_(sum|move))\./

describe.each(DIALECTS)('tables on %s', (dialect) => {
  let database: Database
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
  })
  afterEach(() => database.close())

  test('the migrations make exactly the tables and columns that the models know', async () => {
    const { rows } = await database.read((session) =>
      session.execute<{ table: string; column: string }>({ sql: COLUMNS[dialect], parameters: [] }),
    )
    const migrated = rows
      .map(({ table, column }) => `${table}.${column}`)
      .filter((name) => !BEHIND_VIEWS.test(name))
      .toSorted()
    const known = Object.entries(TABLES).flatMap(([table, columns]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    )
    expect(migrated).toEqual(known.toSorted())
  })
})
