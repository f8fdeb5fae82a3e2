import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPostgresDatabase } from '../../tests/helpers/databases.ts'
import { flowRow } from '../../tests/helpers/run-rows.ts'
import { insertRows } from './bulk.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open.ts'
import type { Session } from './session.ts'

describe.each(['sqlite', 'postgres'])('a snapshot on %s', (dialect) => {
  let folder: string
  let database: Database
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reeve-snapshot-'))
    database = await openDatabase(
      dialect === 'sqlite' ? join(folder, 'test.db') : await createPostgresDatabase(),
    )
  })
  afterEach(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })

  const insert = () => database.write((session) => insertRows(session, 'flow', [flowRow()]))
  const flows = async (session: Session) =>
    (await session.all(session.build.selectFrom('flow').select('id'))).length

  test('sees nothing of what is committed while it lasts, and the next one all of it', async () => {
    await insert()
    const seen = await database.snapshot(async (session) => {
      const first = await flows(session)
      await insert()
      return [first, await flows(session)]
    })
    expect(seen).toEqual([1, 1])
    expect(await database.snapshot(flows)).toBe(2)
  })

  test('does not write', async () => {
    await expect(
      database.snapshot((session) => insertRows(session, 'flow', [flowRow()])),
    ).rejects.toBeDefined()
    expect(await database.read(flows)).toBe(0)
  })

  test('that fails leaves the next ones as they should be', async () => {
    await expect(
      database.snapshot(async (session) => {
        await flows(session)
        throw new Error('for a reason')
      }),
    ).rejects.toThrow('for a reason')
    await insert()
    expect(await Promise.all([1, 2, 3].map(() => database.snapshot(flows)))).toEqual([1, 1, 1])
  })
})
