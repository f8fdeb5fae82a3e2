import type pg from 'pg'
import type { Dialect } from './codecs.ts'
import { DatabaseError } from './errors.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Migration } from './migrations/index.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

const TYPES = {
  sqlite: {
    uuid: 'blob',
    json: 'text',
    timestamp: 'integer',
    boolean: 'integer',
    real: 'real',
    integer: 'integer',
    /** The rows are in the primary key's order, without a second tree. */
    clustered: 'without rowid,',
    /** Compared by code point, so that an index finds what begins with a text. */
    sorted_text: 'text',
  },
  postgres: {
    uuid: 'uuid',
    json: 'jsonb',
    timestamp: 'bigint',
    boolean: 'boolean',
    real: 'double precision',
    integer: 'integer',
    clustered: '',
    sorted_text: 'text collate "C"',
  },
} as const

/** Any number, the same in every release: replicas that start at once migrate one after the other. */
const ADVISORY_LOCK = 7_330_512_204

const TABLE = 'create table if not exists reeve_migration (version integer primary key, name text not null)'

function statements(migration: Migration, dialect: Dialect): string[] {
  return migration.statements.flatMap((statement) => {
    if (typeof statement !== 'string') return statement[dialect] ?? []
    const sql = statement.replaceAll(
      /\{(\w+)\}/g,
      (_, kind: keyof (typeof TYPES)['sqlite']) => TYPES[dialect][kind],
    )
    return dialect === 'sqlite' && sql.startsWith('create table') ? `${sql} strict` : sql
  })
}

function pending(done: readonly number[], migrations: readonly Migration[]): readonly Migration[] {
  const newest = Math.max(0, ...done)
  const known = migrations.at(-1)?.version ?? 0
  if (newest > known) {
    throw new DatabaseError(
      'unavailable',
      `The database has schema version ${newest}, this server knows ${known}: it was used by a newer Reeve; upgrade this one.`,
    )
  }
  return migrations.filter(({ version }) => !done.includes(version))
}

/** Brings a SQLite file to the newest schema; the file lock keeps other processes out. */
export async function migrateSqlite(connection: SqliteConnection, migrations = MIGRATIONS): Promise<void> {
  connection.exec(TABLE)
  const done = await connection.execute<{ version: number }>({
    sql: 'select version from reeve_migration',
    parameters: [],
  })
  for (const migration of pending(
    done.rows.map(({ version }) => version),
    migrations,
  )) {
    connection.exec('begin immediate')
    try {
      for (const statement of statements(migration, 'sqlite')) connection.exec(statement)
      const parameters = [migration.version, migration.name]
      await connection.execute({ sql: 'insert into reeve_migration values (?, ?)', parameters })
      connection.exec('commit')
    } catch (error) {
      connection.exec('rollback')
      throw error
    }
  }
}

/** Brings a PostgreSQL database to the newest schema, safe while other replicas do the same. */
export async function migratePostgres(pool: pg.Pool, migrations = MIGRATIONS): Promise<void> {
  const client = await pool.connect()
  let broken = true
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK])
    await client.query(TABLE)
    const done = await client.query<{ version: number }>('select version from reeve_migration')
    for (const migration of pending(
      done.rows.map(({ version }) => version),
      migrations,
    )) {
      const sql = statements(migration, 'postgres').join(';\n')
      const name = migration.name.replaceAll("'", "''")
      await client.query(
        `begin; ${sql}; insert into reeve_migration values (${migration.version}, '${name}'); commit`,
      )
    }
    await client.query('select pg_advisory_unlock($1)', [ADVISORY_LOCK])
    broken = false
  } finally {
    client.release(broken)
  }
}
