import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { insertRows, updateRows } from './bulk.ts'
import type { Database } from './database.ts'
import { DatabaseError } from './errors.ts'

describe.each(DIALECTS)('database on %s', (dialect) => {
  let database: Database
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
  })
  afterEach(() => database.close())

  const flow = (name: string, id = crypto.randomUUID()) => ({
    id,
    created: 1_700_000_000_123_456,
    updated: 1_700_000_000_123_456,
    name,
    tags: ['b', 'a'],
    labels: { 'prefect.flow.id': id, n: 1.5, b: true },
  })

  test('values come back as they went in', async () => {
    const row = flow('x')
    await database.write((session) => insertRows(session, 'flow', [row]))
    const read = await database.read((session) => session.all(session.build.selectFrom('flow').selectAll()))
    expect(read).toEqual([row])
  })

  test('texts that look like syntax come back as they went in', async () => {
    const names = [
      'NULL',
      '',
      ' ',
      '{a,b}',
      'say "hi"',
      'back\\slash',
      '\\',
      '"',
      'two\nlines',
      "it's",
      'ü😀',
    ]
    const rows = names.map((name) => ({ ...flow(name), labels: { [name]: name }, tags: [name] }))
    await database.write((session) => insertRows(session, 'flow', rows))
    const read = await database.read((session) => session.all(session.build.selectFrom('flow').selectAll()))
    expect(new Map(read.map((row) => [row.id, row]))).toEqual(new Map(rows.map((row) => [row.id, row])))
  })

  test('Kysely queries bind ids, lists of ids and JSON in the form of their columns', async () => {
    const row = flow('x')
    await database.write((session) => session.run(session.build.insertInto('flow').values(row)))
    await database.write((session) =>
      session.run(session.build.updateTable('flow').set({ tags: [] }).where('id', 'in', [row.id])),
    )
    const found = await database.read((session) =>
      session.first(session.build.selectFrom('flow').selectAll().where('id', '=', row.id)),
    )
    expect(found).toEqual({ ...row, tags: [] })
  })

  test('insertRows which ignores conflicts tells what it inserted', async () => {
    const [a, b] = [flow('a'), flow('b')]
    await database.write((session) => insertRows(session, 'flow', [a]))
    const inserted = await database.write((session) => insertRows(session, 'flow', [flow('a'), b], 'ignore'))
    expect([...inserted]).toEqual([b.id])
  })

  test('updateRows changes only the named columns of the named rows', async () => {
    const [a, b] = [flow('a'), flow('b')]
    await database.write((session) => insertRows(session, 'flow', [a, b]))
    await database.write((session) => updateRows(session, 'flow', ['updated'], [{ id: b.id, updated: 5 }]))
    const rows = await database.read((session) =>
      session.all(session.build.selectFrom('flow').selectAll().orderBy('name')),
    )
    expect(rows).toEqual([a, { ...b, updated: 5 }])
  })

  test('a failing write is undone alone, and its neighbours are kept', async () => {
    const results = await Promise.allSettled([
      database.write((session) => insertRows(session, 'flow', [flow('a')])),
      database.write(async (session) => {
        await insertRows(session, 'flow', [flow('gone')])
        await insertRows(session, 'flow', [flow('a')])
      }),
      database.write((session) => insertRows(session, 'flow', [flow('b')])),
    ])
    const names = await database.read((session) =>
      session.all(session.build.selectFrom('flow').select('name').orderBy('name')),
    )
    const failed = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(failed).toHaveLength(1)
    expect(failed[0]?.reason).toBeInstanceOf(DatabaseError)
    expect(failed[0]?.reason.code).toBe('integrity')
    expect(names.length).toBeGreaterThanOrEqual(1)
    expect(names).not.toContainEqual({ name: 'gone' })
    expect(names).toContainEqual({ name: 'b' })
  })

  test('commit callbacks run after success and never after failure', async () => {
    const called: string[] = []
    await database.write(async (session) => session.onCommit(() => called.push('yes')))
    await database
      .write(async (session) => {
        session.onCommit(() => called.push('no'))
        throw new Error('stop')
      })
      .catch(() => {})
    expect(called).toEqual(['yes'])
  })

  test('a foreign key that points nowhere is an integrity error', async () => {
    const write = database.write((session) =>
      insertRows(session, 'flow_run_input', [
        {
          id: crypto.randomUUID(),
          created: 1,
          updated: 1,
          flow_run_id: crypto.randomUUID(),
          key: 'k',
          value: 1,
          sender: null,
        },
      ]),
    )
    await expect(write).rejects.toMatchObject({ code: 'integrity' })
  })
})

test('PostgreSQL tells a number that is too large for its column apart from a bug', async () => {
  const database = await openTestDatabase('postgres')
  const row = { id: crypto.randomUUID(), created: 1, name: 'n', message: 'm', timestamp: 1 }
  const write = database.write((session) =>
    insertRows(session, 'log', [{ ...row, level: 2 ** 40, flow_run_id: null, task_run_id: null }]),
  )
  await expect(write).rejects.toMatchObject({ code: 'range' })
  await database.close()
})
