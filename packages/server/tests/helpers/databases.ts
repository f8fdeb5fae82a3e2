import pg from 'pg'
import { inject } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { openSqlite } from '../../src/database/sqlite.ts'
import { TEMPLATE } from './template-name.ts'

export const DIALECTS = ['sqlite', 'postgres'] as const
export type TestDialect = (typeof DIALECTS)[number]

/** A new, empty, migrated database of the dialect; `close` lets go of it. */
export async function openTestDatabase(dialect: TestDialect): Promise<Database> {
  if (dialect === 'sqlite') return openSqlite(':memory:')
  return openPostgres(await createPostgresDatabase())
}

/** Makes a PostgreSQL database, migrated unless it shall be `empty`, and returns its URL. */
export async function createPostgresDatabase(options: { empty?: boolean } = {}): Promise<string> {
  const url = new URL(inject('postgresUrl'))
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(`create database ${name}${options.empty ? '' : ` template ${TEMPLATE}`}`)
  await client.end()
  url.pathname = `/${name}`
  return url.href
}
