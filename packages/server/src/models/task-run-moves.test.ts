import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addUp } from '../../tests/helpers/add-up.ts'
import { taskRunRow } from '../../tests/helpers/run-rows.ts'
import { START, seededRandom } from '../../tests/helpers/test-context.ts'
import type { Database } from '../database/database.ts'
import { migrateSqlite } from '../database/migrate.ts'
import { MIGRATIONS } from '../database/migrations/index.ts'
import type { Session } from '../database/session.ts'
import { openSqlite } from '../database/sqlite.ts'
import { SqliteConnection } from '../database/sqlite-connection.ts'
import type { Row } from '../database/tables.ts'
import { addMoves, sumMoves } from './task-run-moves.ts'

const HOUR = 3_600_000_000
const STATES = ['Pending', 'Running', 'Completed', 'Cached', 'Failed'] as const
const TYPES = {
  Pending: 'PENDING',
  Running: 'RUNNING',
  Completed: 'COMPLETED',
  Cached: 'COMPLETED',
  Failed: 'FAILED',
}

const random = seededRandom(5)
const within = (span: number) => Math.floor(random() * span)
/** Also long before 1970, on the start of an hour, and not at all. */
function time(): number | null {
  if (random() < 0.1) return null
  const base = random() < 0.1 ? -START : START
  return base + (random() < 0.1 ? within(5) * HOUR : within(5 * HOUR))
}
function moved() {
  const name = random() < 0.1 ? null : (STATES[within(STATES.length)] ?? null)
  return {
    start_time: time(),
    expected_start_time: time(),
    state_type: name && TYPES[name],
    state_name: random() < 0.1 ? null : name,
    total_run_time: within(10_000) / 1000,
  }
}

const runs = Array.from({ length: 300 }, () => taskRunRow(moved()))

/** Runs are made, moved and deleted. */
/** As servers did whose triggers had conflicts of their own: how the statement goes about them would be theirs too. */
async function insertPlainly(session: Session, rows: readonly Row<'task_run'>[]): Promise<void> {
  for (const row of rows) await session.run(session.build.insertInto('task_run').values(row))
}

async function change(session: Session): Promise<void> {
  for (const { id } of runs.slice(0, 200)) {
    await session.run(session.build.updateTable('task_run').set(moved()).where('id', '=', id))
  }
  const ids = runs.slice(180, 220).map(({ id }) => id)
  await session.run(session.build.deleteFrom('task_run').where('id', 'in', ids))
  const others = Array.from({ length: 50 }, () => taskRunRow(moved()))
  await insertPlainly(session, others)
}

const WORDS = ['measure', 'hour', 'span', 'state_type', 'state_name'] as const

/** What both tallies say, by everything that they tell apart. */
async function sums(session: Session): Promise<object> {
  const query = (sql: string) => session.execute<{ [word: string]: number | string }>({ sql, parameters: [] })
  const tally = await query(
    `select measure, hour, state_type, sum(runs) as runs, 0 as run_time, 0 as lateness from task_run_tally
      group by measure, hour, state_type having sum(runs) <> 0`,
  )
  const finished = await query(
    `select span, state_type, state_name, sum(runs) as runs, sum(run_time) as run_time, sum(lateness) as lateness
      from task_run_finished group by span, state_type, state_name having sum(runs) <> 0`,
  )
  return Object.fromEntries(
    [...tally.rows, ...finished.rows].map((row) => [
      WORDS.map((word) => row[word]).join(' '),
      [row.runs, row.run_time, row.lateness],
    ]),
  )
}

/** A file as the version left it, with runs that were made, moved and deleted. */
async function filledFile(version: number): Promise<{ path: string; sums: object }> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'a.db')
  const connection = new SqliteConnection(path)
  await migrateSqlite(
    connection,
    MIGRATIONS.filter((migration) => migration.version <= version),
  )
  connection.exec('begin')
  await insertPlainly(connection, runs)
  await change(connection)
  connection.exec('commit')
  const before = await sums(connection)
  connection.close()
  return { path, sums: before }
}

/** As the migrations before count the runs of the database. */
async function recounted(database: Database): Promise<object> {
  const rows = await database.read((session) => session.all(session.build.selectFrom('task_run').selectAll()))
  const connection = new SqliteConnection(':memory:')
  await migrateSqlite(
    connection,
    MIGRATIONS.filter(({ version }) => version <= 7),
  )
  await insertPlainly(connection, rows)
  const counted = await sums(connection)
  connection.close()
  return counted
}

test('a database that kept sums of its own goes on from them', async () => {
  const file = await filledFile(7)
  const database = await openSqlite(file.path)
  onTestFinished(() => database.close())
  const read = () => database.read(sums)
  expect(await read()).toEqual(file.sums)
  expect(await read()).toEqual(await recounted(database))
  for (const most of [0, 1, 77, 300]) {
    await database.write(change)
    expect(await read()).toEqual(await recounted(database))
    expect(await addUp(database, most)).toBe(most)
    expect(await read()).toEqual(await recounted(database))
  }
})

test('moves that are added up twice are refused, and counted once', async () => {
  const file = await filledFile(8)
  const database = await openSqlite(file.path)
  onTestFinished(() => database.close())
  const sum = () => database.scan((session) => sumMoves(session, 100))
  const [first, second] = [await sum(), await sum()]
  await database.write((session) => addMoves(session, first))
  const again = database.write((session) => addMoves(session, second))
  await expect(again).rejects.toThrow('moves of task runs')
  expect(await database.read(sums)).toEqual(file.sums)
})
