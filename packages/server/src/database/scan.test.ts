import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS, createPostgresDatabase } from '../../tests/helpers/databases.ts'
import { flowRow } from '../../tests/helpers/run-rows.ts'
import { insertRows } from './bulk.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open.ts'
import { prepared } from './prepared.ts'
import type { Session } from './session.ts'

const TIMEOUT = { code: 'timeout' }

/** Counts to a number row by row; thirty million take seconds. */
const countTo = (number: number) => (session: Session) =>
  session.execute({
    sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${number}) select count(*) as rows from n`,
    parameters: [],
  })

const countFlows = (session: Session) =>
  session.first(session.build.selectFrom('flow').select(({ fn }) => fn.countAll<number>().as('flows')))

describe.each(DIALECTS)('scans on %s', (dialect) => {
  let folder: string
  let database: Database
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reeve-scan-'))
    const location = dialect === 'sqlite' ? join(folder, 'test.db') : await createPostgresDatabase()
    database = await openDatabase(location, { scanSeconds: 1 })
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  const insertFlows = (count: number) =>
    database.write((session) =>
      insertRows(
        session,
        'flow',
        Array.from({ length: count }, () => flowRow()),
      ),
    )

  test('a scan sees what was written before it, decoded like a read', async () => {
    const flow = flowRow({ tags: ['a'] })
    await database.write((session) => insertRows(session, 'flow', [flow]))
    const rows = await database.scan((session) =>
      session.all(session.build.selectFrom('flow').selectAll().where('id', '=', flow.id)),
    )
    expect(rows).toEqual([flow])
  })

  test('a prepared query is read everywhere, also when a scan was the first to read it', async () => {
    const byName = prepared<{ name: string }>((session) =>
      session.build.selectFrom('flow').select('name').where('name', '=', ''),
    )
    await database.write((session) => insertRows(session, 'flow', [flowRow({ name: 'mine' })]))
    const expected = [{ name: 'mine' }]
    expect(await database.scan((session) => byName(session, ['mine']))).toEqual(expected)
    expect(await database.read((session) => byName(session, ['mine']))).toEqual(expected)
    expect(await database.scan((session) => byName(session, ['mine']))).toEqual(expected)
  })

  test('one that takes too long is given up while everything else is answered', async () => {
    const order: string[] = []
    const done = (name: string) => () => order.push(name)
    const long = database.scan(countTo(30_000_000)).finally(done('long'))
    long.catch(() => {})
    await database.read(countFlows).then(done('read'))
    await database.scan(countFlows).then(done('scan'))
    await insertFlows(1).then(done('write'))
    await expect(long).rejects.toMatchObject(TIMEOUT)
    expect(order).toEqual(['read', 'scan', 'write', 'long'])
    expect(await database.scan(countFlows)).toEqual({ flows: 1 })
  })

  test('several statements of one scan that together take too long are given up', async () => {
    const work = async (session: Session) => {
      for (let index = 0; index < 1000; index++) await countTo(100_000)(session)
    }
    await expect(database.scan(work)).rejects.toMatchObject(TIMEOUT)
  })

  test('an error in a statement is that of a read, and the next scan works', async () => {
    const wrong = (session: Session) => session.execute({ sql: 'select nothing', parameters: [] })
    await expect(database.scan(wrong)).rejects.toThrow(/nothing/)
    expect(await database.scan(countFlows)).toEqual({ flows: 0 })
  })

  test('a selection from a table ends in time, however often: it leaves nothing running behind', async () => {
    await insertFlows(20_000)
    const pairs = (session: Session) =>
      session.first(
        session.build
          .selectFrom(['flow as a', 'flow as b'])
          .select(({ fn }) => fn.countAll<number>().as('pairs'))
          .whereRef('a.name', 'like', 'b.name'),
      )
    for (let round = 0; round < 6; round++) {
      await expect(database.scan(pairs)).rejects.toMatchObject(TIMEOUT)
    }
    expect(await database.scan(countFlows)).toEqual({ flows: 20_000 })
  })
})
