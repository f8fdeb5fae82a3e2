import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPostgresDatabase } from '../../tests/helpers/databases.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

describe('migrations on PostgreSQL', () => {
  test('eight servers that start at once on an empty database all come up', async () => {
    const url = await createPostgresDatabase({ empty: true })
    const databases = await Promise.all(
      Array.from({ length: 8 }, () => openPostgres(url, { connections: 2 })),
    )
    const counts = await Promise.all(
      databases.map((database) =>
        database.read((session) =>
          session.execute<{ n: number }>({
            sql: 'select count(*) as n from reeve_migration',
            parameters: [],
          }),
        ),
      ),
    )
    await Promise.all(databases.map((database) => database.close()))
    expect(new Set(counts.map(({ rows }) => rows[0]?.n))).toEqual(new Set([MIGRATIONS.length]))
  })

  test('a newer schema is refused with one clear sentence', async () => {
    const url = await createPostgresDatabase()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`insert into reeve_migration values (9999, 'from the future')`)
    await client.end()
    await expect(openPostgres(url)).rejects.toThrow(/schema version 9999.*newer Reeve/)
  })

  test('a database that cannot be reached is said to be so', async () => {
    await expect(openPostgres('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

describe('a SQLite file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reeve-test-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('keeps its data when it is closed and opened again', async () => {
    const path = join(folder, 'a.db')
    const row = { id: crypto.randomUUID(), created: 1, updated: 1, name: 'kept', tags: [], labels: {} }
    const first = await openSqlite(path)
    await first.write((session) => session.run(session.build.insertInto('flow').values(row)))
    await first.close()
    const second = await openSqlite(path)
    const rows = await second.read((session) => session.all(session.build.selectFrom('flow').selectAll()))
    await second.close()
    expect(rows).toEqual([row])
  })

  test('takes no task run of a flow run that is not there: the commit fails, and leaves nothing', async () => {
    const database = await openSqlite(join(folder, 'a.db'))
    const values = `x'01', 0, 0, 'r', 0, 0, x'02', 'k', '0', 0`
    const insert = `insert into task_run (id, created, updated, name, run_count, total_run_time, flow_run_id, task_key, dynamic_key, flow_run_run_count) values (${values})`
    const write = database.write((session) => session.execute({ sql: insert, parameters: [] }))
    await expect(write).rejects.toMatchObject({ code: 'integrity' })
    const rows = await database.read((session) =>
      session.all(session.build.selectFrom('task_run').select('id')),
    )
    await database.close()
    expect(rows).toEqual([])
  })

  test('which another server has open is refused, naming the process', async () => {
    const path = join(folder, 'a.db')
    const owner = await openSqlite(path)
    await expect(openSqlite(path)).rejects.toThrow(`in use by process ${process.pid}`)
    await owner.close()
    await (await openSqlite(path)).close()
  })

  test('with a newer schema is refused with one clear sentence', async () => {
    const path = join(folder, 'a.db')
    const database = await openSqlite(path)
    await database.write((session) =>
      session.execute({
        sql: `insert into reeve_migration values (9999, 'from the future')`,
        parameters: [],
      }),
    )
    await database.close()
    await expect(openSqlite(path)).rejects.toThrow(/schema version 9999.*newer Reeve/)
  })

  test('reads see only what is committed, while a write is under way', async () => {
    const database = await openSqlite(join(folder, 'a.db'))
    const row = { id: crypto.randomUUID(), created: 1, updated: 1, name: 'x', tags: [], labels: {} }
    const count = () => database.read((session) => session.all(session.build.selectFrom('flow').select('id')))
    let during: unknown[] = []
    await database.write(async (session) => {
      await session.run(session.build.insertInto('flow').values(row))
      during = await count()
    })
    expect(during).toHaveLength(0)
    expect(await count()).toHaveLength(1)
    await database.close()
  })
})
