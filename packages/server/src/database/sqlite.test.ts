import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { migrateSqlite } from './migrate.ts'
import type { Session } from './session.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { SqliteDatabase } from './sqlite.ts'

let folder: string
let database: SqliteDatabase
let writer: SqliteConnection
let disk: SlowDisk

/** Stores a log when it is told to, or fails to. */
class SlowDisk {
  readonly #waiting: PromiseWithResolvers<void>[] = []
  /** Set: it stores a log while it is waited for, and calls this. */
  atOnce: (() => void) | undefined

  sync(): Promise<void> {
    const storing = Promise.withResolvers<void>()
    this.#waiting.push(storing)
    return storing.promise
  }

  syncAtOnce(): boolean {
    this.atOnce?.()
    return this.atOnce !== undefined
  }

  async close(): Promise<void> {}

  /** Resolves when a log has come in, which is then answered. */
  async answer(failure?: Error): Promise<void> {
    while (this.#waiting.length === 0) await turn()
    const storing = this.#waiting.shift()
    if (failure) storing?.reject(failure)
    else storing?.resolve()
  }

  async hasWork(): Promise<void> {
    while (this.#waiting.length === 0) await turn()
  }
}

/** Everything that can run now has run when it resolves. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reeve-sqlite-'))
  const path = join(folder, 'test.db')
  writer = new SqliteConnection(path)
  writer.exec('pragma journal_mode = wal')
  await migrateSqlite(writer)
  disk = new SlowDisk()
  database = new SqliteDatabase(writer, new SqliteConnection(path, { readOnly: true }), {
    lock: undefined,
    log: disk,
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
  await rm(folder, { recursive: true })
})

const insert = (name: string) =>
  database.write((session) =>
    session.execute({
      sql: 'insert into flow (id, created, updated, name) values (randomblob(16), 1, 1, ?)',
      parameters: [name],
    }),
  )
const count = async (session: Session) => {
  const { rows } = await session.execute<{ flows: number }>({
    sql: 'select count(*) as flows from flow',
    parameters: [],
  })
  return rows[0]?.flows
}

/** Whether a promise is settled once everything that can run has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  )
  for (let round = 0; round < 5; round++) await turn()
  return settled
}

test('a write is told of when its log is on the disk, and not before', async () => {
  const write = insert('a')
  await disk.hasWork()
  expect(await isSettled(write)).toBe(false)
  await disk.answer()
  await write
})

test('writes that come while the disk is busy share the next commit', async () => {
  const first = insert('a')
  await disk.hasWork()
  const others = ['b', 'c', 'd'].map(insert)
  await disk.answer()
  await first
  await disk.answer()
  await Promise.all(others)
})

test('a read that may have seen a commit is answered when the commit is on the disk', async () => {
  const write = insert('a')
  await disk.hasWork()
  const read = database.read(count)
  expect(await isSettled(read)).toBe(false)
  await disk.answer()
  expect(await read).toBe(1)
  await write
})

test('when the disk fails, nobody is told that a write was stored, then or later', async () => {
  const write = insert('a')
  await disk.hasWork()
  const during = [write, database.read(count), insert('b')]
  const settled = Promise.allSettled(during)
  await disk.answer(new Error('EIO'))
  const after = await Promise.allSettled([insert('c'), database.read(count)])
  for (const refused of [...(await settled), ...after]) {
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
  }
})

test('without room on the disk all writes of a transaction are told so, and the next one goes on', async () => {
  writer.exec('pragma max_page_count = 1')
  const writes = [insert('a'.repeat(100_000)), insert('b'.repeat(100_000))]
  for (const { status, reason } of (await Promise.allSettled(writes)) as PromiseRejectedResult[])
    expect([status, reason]).toMatchObject(['rejected', { code: 'full' }])
  writer.exec('pragma max_page_count = 1000000')
  const write = insert('c')
  await disk.answer()
  await write
})

/** As if no commit took any time. */
const stopClock = () => vi.spyOn(performance, 'now').mockReturnValue(0)

test('a small commit on a quick disk is stored before anything else happens, and then told of', async () => {
  stopClock()
  const seen: string[] = []
  disk.atOnce = () => seen.push('stored')
  await insert('a').then(() => seen.push('told'))
  expect(seen).toEqual(['stored', 'told'])
  expect(await database.read(count)).toBe(1)
})

test('several writes at once leave the event loop free while a quick disk works', async () => {
  stopClock()
  disk.atOnce = () => expect.unreachable()
  const writes = ['a', 'b'].map(insert)
  await disk.answer()
  await Promise.all(writes)
})

test('when a quick disk fails, nobody is told that a write was stored, then or later', async () => {
  stopClock()
  disk.atOnce = () => {
    throw new Error('EIO')
  }
  const settled = [await Promise.allSettled([insert('a')]), await Promise.allSettled([insert('b')])]
  for (const refused of settled.flat())
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
})
